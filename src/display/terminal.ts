/** Pictures in the terminal that the program was started from. */
import type { WriteStream } from "node:tty";
import { halfBlocks } from "./half-blocks.ts";
import type { Picture } from "./picture.ts";

/** What of a tty stream is asked: process.stdout when it is one. */
export type Terminal = Pick<WriteStream, "columns" | "rows" | "getColorDepth" | "write"> & { readonly isTTY?: boolean };

/** Lines left free below a picture for the text and the prompt that follow. */
const ROWS_LEFT = 3;

/**
 * Prints the picture as large as the window allows. False, and nothing printed: the stream is a file, a pipe or a
 * terminal that only prints ("dumb"). getColorDepth() tells the colours, and none when NO_COLOR is set.
 */
export function showPicture(
  picture: Picture,
  terminal: Partial<Terminal>,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  const { isTTY, columns, rows } = terminal;
  if (isTTY !== true || columns === undefined || rows === undefined || env.TERM === "dumb") return false;
  const depth = (terminal as Terminal).getColorDepth(env);
  (terminal as Terminal).write(halfBlocks(picture, { columns, rows: Math.max(1, rows - ROWS_LEFT), depth }));
  return true;
}
