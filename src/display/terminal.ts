/** Pictures in the terminal that the program was started from. */
import type { WriteStream } from "node:tty";
import { halfBlocks } from "./half-blocks.ts";
import type { Picture } from "./picture.ts";

/** What of a tty.WriteStream is asked; process.stdout has it all when it is one. */
export type Terminal = Partial<Pick<WriteStream, "isTTY" | "columns" | "rows" | "getColorDepth">> & {
  once?(event: "drain", listener: () => void): unknown;
  write(text: string): unknown;
};

/** Lines left free below a picture for the text and the prompt that follow. */
const ROWS_LEFT = 3;

/**
 * Prints the picture as large as the window allows. False, and nothing printed: the stream is a file or a pipe, or a
 * terminal that only prints ("dumb"). getColorDepth() tells the colours, and none when NO_COLOR is set.
 */
export function showPicture(picture: Picture, terminal: Terminal, env: NodeJS.ProcessEnv = process.env): boolean {
  const { isTTY, columns, rows } = terminal;
  // A window is 0 × 0 when nobody has told it its size.
  if (isTTY !== true || !columns || !rows || env.TERM === "dumb") return false;
  const depth = terminal.getColorDepth?.(env) ?? 1;
  terminal.write(halfBlocks(picture, { columns, rows: Math.max(1, rows - ROWS_LEFT), depth }));
  return true;
}
