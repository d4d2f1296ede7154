/** What strace knows of a system call. */
import type { Argument, CallView } from "./arguments.ts";
import { hex, octal } from "./text.ts";

export interface Signature {
  /** In the order in which they are shown; some depend on what the call is made with. */
  readonly arguments: readonly Argument[] | ((call: CallView) => readonly Argument[]);
  /** A result that is not an error; null when the default will do: a decimal number. */
  readonly result?: (call: CallView, result: number) => string | null;
}

export type Signatures = Readonly<Record<number, Signature>>;

export const call = (...list: Argument[]): Signature => ({ arguments: list });
export const hexResult = (...list: Argument[]): Signature => ({ arguments: list, result: (_, value) => hex(value) });
export const octalResult = (...list: Argument[]): Signature => ({
  arguments: list,
  result: (_, value) => octal(value),
});
