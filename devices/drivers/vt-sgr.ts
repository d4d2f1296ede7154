/** SGR, "select graphic rendition": what ESC [ … m makes of a look (csi_m of vt.c; console_codes(4)). */
import {
  DEFAULT_BACKGROUND,
  DEFAULT_FOREGROUND,
  LOOK_BOLD,
  LOOK_DIM,
  LOOK_REVERSE,
  LOOK_UNDERLINE,
  type Look,
  PLAIN,
  TRUE_COLOUR,
} from "./vt-cells.ts";

export function applySgr(look: Look, parameters: readonly number[]): Look {
  let { foreground, background, flags } = look;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i]!;
    if (parameter === 38 || parameter === 48) {
      const [colour, used] = extendedColour(parameters, i + 1);
      if (colour !== null && parameter === 38) foreground = colour;
      if (colour !== null && parameter === 48) background = colour;
      i += used;
    } else if (parameter === 0) ({ foreground, background, flags } = PLAIN);
    else if (parameter === 39) foreground = DEFAULT_FOREGROUND;
    else if (parameter === 49) background = DEFAULT_BACKGROUND;
    else if (parameter >= 30 && parameter <= 37) foreground = parameter - 30;
    else if (parameter >= 40 && parameter <= 47) background = parameter - 40;
    else if (parameter >= 90 && parameter <= 97) foreground = parameter - 90 + 8;
    else if (parameter >= 100 && parameter <= 107) background = parameter - 100 + 8;
    else flags = flagsAfter(flags, parameter);
  }
  return { foreground, background, flags };
}

function flagsAfter(flags: number, parameter: number): number {
  switch (parameter) {
    case 1:
      return (flags & ~LOOK_DIM) | LOOK_BOLD;
    case 2:
      return (flags & ~LOOK_BOLD) | LOOK_DIM;
    // "set underline; if set twice, double": one line here.
    case 4:
    case 21:
      return flags | LOOK_UNDERLINE;
    case 7:
      return flags | LOOK_REVERSE;
    case 22:
      return flags & ~(LOOK_BOLD | LOOK_DIM);
    case 24:
      return flags & ~LOOK_UNDERLINE;
    case 27:
      return flags & ~LOOK_REVERSE;
    default:
      return flags;
  }
}

/** What stands behind 38 or 48: "5;x" of 256 colours or "2;r;g;b", and how many parameters that was. */
function extendedColour(parameters: readonly number[], at: number): [colour: number | null, used: number] {
  const [kind, a = 0, b = 0, c = 0] = parameters.slice(at);
  if (kind === 5) return [at + 1 < parameters.length ? a & 0xff : null, 2];
  if (kind !== 2) return [null, 1];
  const whole = at + 3 < parameters.length;
  return [whole ? TRUE_COLOUR | ((a & 0xff) << 16) | ((b & 0xff) << 8) | (c & 0xff) : null, 4];
}
