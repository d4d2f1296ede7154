/**
 * One system call as strace(1) writes it:
 *
 *     openat(AT_FDCWD, "/dev/fb0", O_RDWR)    = 3
 *
 * in two halves, because a call may sleep: what is known when it is made, and what is known when it returns.
 */

import { systemCallName } from "../syscall-table.ts";
import type { Argument, CallView } from "./arguments.ts";
import { resultText } from "./result.ts";
import { signatureOf } from "./signatures.ts";
import type { MemoryReader } from "./text.ts";

/** strace's -a: the column of the "=". */
const RESULT_COLUMN = 40;

/** The text of a call before and after its kernel work. */
export interface CallText {
  /** "read(3, " */
  readonly entry: string;
  /** `"hello", 5)` */
  readonly rest: string;
  /** "5" or "-1 EBADF (Bad file descriptor)" */
  readonly result: string;
}

/** `result`: what the kernel returns, -errno for an error; null for a call that is under way or never returns. */
export function callText(reader: MemoryReader, nr: number, args: readonly number[], result: number | null): CallText {
  const view: CallView = { reader, args, result };
  const signature = signatureOf(nr);
  const list = typeof signature.arguments === "function" ? signature.arguments(view) : signature.arguments;
  const firstLate = list.findIndex((argument) => argument.late === true);
  const split = firstLate < 0 ? list.length : firstLate;
  const text = (argument: Argument, i: number): string => argument.text(view, args[argument.register ?? i] ?? 0);
  const early = list.slice(0, split).map(text);
  const late = list.slice(split).map((argument, i) => text(argument, split + i));
  const comma = early.length > 0 && late.length > 0 ? ", " : "";
  return {
    entry: `${systemCallName(nr)}(${early.join(", ")}${comma}`,
    rest: `${late.join(", ")})`,
    result: resultText(result) ?? signature.result?.(view, result!) ?? String(result),
  };
}

/** "text" filled up to the column of the "=", and the result. */
export const withResult = (text: string, result: string): string => `${text.padEnd(RESULT_COLUMN - 1)} = ${result}`;

/** A whole line, without its newline. */
export function formatCall(reader: MemoryReader, nr: number, args: readonly number[], result: number | null): string {
  const text = callText(reader, nr, args, result);
  return withResult(text.entry + text.rest, text.result);
}
