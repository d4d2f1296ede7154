/** A program with what a list of programs says about it. */
import type { Program } from "../abi/program.ts";

export interface Guest {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly main: Program;
  /** Its own options, a line each, as --help shows them; a guest without this takes none. */
  readonly options?: string;
}
