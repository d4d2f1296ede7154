/** The options that all drawing guests share. */

export interface DrawingOptions {
  /** How many frames to draw, at least 1. */
  readonly frames: number;
  /** Draw into private memory and send each frame by write(2), instead of into the mapped video memory. */
  readonly copied: boolean;
  /** Reach the memory through views on its pinned pages, instead of by stores through the MMU. */
  readonly pinned: boolean;
  readonly help: boolean;
}

export const describeOptions = (frames: number): string =>
  [
    `--frames N  draw N frames, one for each vertical retrace (${frames} unless said otherwise)`,
    "--copied    draw into private memory and send each frame by write()",
    "--stores    draw by stores through the MMU (unless said otherwise)",
    "--pinned    draw through views on pinned pages",
    "--help      show this and end",
    "",
  ].join("\n");

/** What the arguments after the name say, or a sentence about the first that says nothing. */
export const parseOptions = (args: readonly string[], frames: number): DrawingOptions | string => {
  const options = { frames, copied: false, pinned: false, help: false };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name, attached] = splitOnce(arg, "=");
    if (name === "--frames") {
      const value = attached ?? rest.shift() ?? "";
      if (!/^[1-9][0-9]{0,8}$/.test(value)) return `--frames takes a number from 1, not "${value}"`;
      options.frames = Number(value);
    } else if (arg === "--copied") options.copied = true;
    else if (arg === "--stores") options.pinned = false;
    else if (arg === "--pinned") options.pinned = true;
    else if (arg === "--help") options.help = true;
    else return `unknown option "${arg}"`;
  }
  return options;
};

const splitOnce = (text: string, separator: string): [string, string | undefined] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};
