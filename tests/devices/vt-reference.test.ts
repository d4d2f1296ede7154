/**
 * The console against another terminal, @xterm/headless: random sequences leave the same characters, colours and cursor
 * on both. Left out is what Linux's console does otherwise (its manual: console_codes(4)): margins that stop the cursor, a region that is too large,
 * a carriage return after IL and DL, the place behind the last column after an erase.
 */
import xterm from "@xterm/headless";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LOOK_BOLD, LOOK_DIM, LOOK_REVERSE, LOOK_UNDERLINE, TRUE_COLOUR } from "../../devices/drivers/vt-cells.ts";
import { VtParser } from "../../devices/drivers/vt-parser.ts";
import { VtScreen } from "../../devices/drivers/vt-screen.ts";

const COLUMNS = 24;
const ROWS = 9;

const number = (most: number) => fc.integer({ min: 0, max: most });
const csi = (final: string, ...parameters: fc.Arbitrary<number>[]) =>
  fc.tuple(...parameters).map((values) => `\x1b[${values.join(";")}${final}`);
const place = csi("H", number(ROWS + 1), number(COLUMNS + 1));
const words = fc
  .array(fc.constantFrom(..."abcXYZ019 .~é│┼€"), { minLength: 1, maxLength: 2 * COLUMNS })
  .map((characters) => characters.join(""));

const colour = fc.oneof(
  number(7).map((n) => `${30 + n}`),
  number(7).map((n) => `${40 + n}`),
  number(7).map((n) => `${90 + n}`),
  number(7).map((n) => `${100 + n}`),
  number(255).map((n) => `38;5;${n}`),
  number(255).map((n) => `48;5;${n}`),
  fc.tuple(number(255), number(255), number(255)).map((rgb) => `38;2;${rgb.join(";")}`),
  fc.constantFrom("0", "1", "2", "4", "7", "22", "24", "27", "39", "49", ""),
);
const looks = fc.array(colour, { minLength: 1, maxLength: 3 }).map((all) => `\x1b[${all.join(";")}m`);

/** Each begins where a cursor position says. */
const after = (sequence: fc.Arbitrary<string>) => fc.tuple(place, sequence).map((two) => two.join(""));
const piece = fc.oneof(
  { weight: 6, arbitrary: words },
  { weight: 3, arbitrary: looks },
  place,
  after(csi("J", number(2))),
  after(csi("K", number(2))),
  after(csi("P", number(COLUMNS + 2))),
  after(csi("X", number(COLUMNS + 2))),
  after(csi("@", number(COLUMNS + 2))),
  after(csi("L", number(ROWS + 2)).map((text) => `${text}\r`)),
  after(csi("M", number(ROWS + 2)).map((text) => `${text}\r`)),
  after(csi("G", number(COLUMNS + 3))),
  after(csi("d", number(ROWS + 3))),
  after(csi("C", number(COLUMNS + 3))),
  after(csi("D", number(COLUMNS + 3))),
  after(fc.constantFrom("\r\n", "\n", "\x1bM", "\x1bD", "\x1bE", "\t", "\t\t", "\b", "\x1bH", "\x1b[g", "\x1b[3g")),
  after(fc.constantFrom("\x1b7", "\x1b8", "\x1b[s", "\x1b[u")),
  csi("r", number(ROWS), number(ROWS)),
  fc.constantFrom("\x1b[?6h", "\x1b[?6l", "\x1b[4h", "\x1b[4l", "\x1b(0", "\x1b(B", "\x0e", "\x0f", "\x1b)0", "\x1b)B"),
  fc.tuple(fc.constantFrom("\x1b[?7l", "\x1b[?7h"), place).map((two) => two.join("")),
  // What is not to be seen.
  fc.constantFrom("\x1b]0;title\x07", "\x1b]2;x\x1b\\", "\x1b[?25l", "\x1bPq#0\x1b\\", "\x1b=", "\x00", "\x1b[>c"),
);

/** A row's cells: character, foreground, background, flags. */
type Cell = readonly [text: string, foreground: number, background: number, flags: number];

const ours = (text: string): { cells: Cell[][]; cursor: number[] } => {
  const screen = new VtScreen(COLUMNS, ROWS);
  new VtParser(screen).write(new TextEncoder().encode(text));
  const { characters, foregrounds, backgrounds, flags } = screen.cells;
  const cells = Array.from({ length: ROWS }, (_, y) =>
    Array.from({ length: COLUMNS }, (_, x): Cell => {
      const i = y * COLUMNS + x;
      const blank = characters[i] === 0x20;
      return [String.fromCodePoint(characters[i]!), blank ? 0 : foregrounds[i]!, backgrounds[i]!, flags[i]!];
    }),
  );
  return { cells, cursor: [screen.x, screen.y] };
};

const theirs = async (text: string): Promise<{ cells: Cell[][]; cursor: number[] }> => {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, scrollback: 0, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const cells = Array.from({ length: ROWS }, (_, y) =>
    Array.from({ length: COLUMNS }, (_, x): Cell => {
      const cell = active.getLine(active.baseY + y)!.getCell(x)!;
      const tone = (isDefault: boolean, isRgb: boolean, value: number, otherwise: number): number =>
        isDefault ? otherwise : isRgb ? TRUE_COLOUR | value : value;
      const chars = cell.getChars() || " ";
      const flags =
        (cell.isBold() ? LOOK_BOLD : 0) |
        (cell.isDim() ? LOOK_DIM : 0) |
        (cell.isUnderline() ? LOOK_UNDERLINE : 0) |
        (cell.isInverse() ? LOOK_REVERSE : 0);
      const foreground = tone(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor(), 7);
      const background = tone(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor(), 0);
      return [chars, chars === " " ? 0 : foreground, background, flags];
    }),
  );
  // The place behind the last column: Linux calls it the last.
  const cursor = [Math.min(active.cursorX, COLUMNS - 1), active.cursorY];
  terminal.dispose();
  return { cells, cursor };
};

test("600 random texts look alike", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 30 }), async (pieces) => {
      const text = pieces.join("");
      expect(ours(text)).toEqual(await theirs(text));
    }),
    { numRuns: 600, seed: 5 },
  );
}, 60_000);
