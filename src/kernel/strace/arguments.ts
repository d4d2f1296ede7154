/** The kinds of arguments that a system call's signature is made of. */
import { MAX_ERRNO } from "../../../abi/errno.ts";
import { AT_FDCWD, PATH_MAX } from "../../../abi/fcntl.ts";
import type { Fields, Struct, StructValue } from "../../../abi/struct.ts";
import {
  address,
  flagText,
  hex,
  listText,
  type MemoryReader,
  type NameTable,
  octal,
  quote,
  quoteHex,
  readCString,
  STRING_LIMIT,
  signed32,
  unsigned,
  unsigned32,
  valueText,
} from "./text.ts";

/** A call as it is shown: what it was made with, and what came of it. */
export interface CallView {
  readonly reader: MemoryReader;
  readonly args: readonly number[];
  /** The kernel's result; null before it, and for a call that never returns. */
  readonly result: number | null;
}

export interface Argument {
  /** The kernel fills it: shown when the call has returned. */
  readonly late?: boolean;
  /** Which of a0 … a5 it is, when not that of its place. */
  readonly register?: number;
  text(call: CallView, value: number): string;
}

export const failed = ({ result }: CallView): boolean => result === null || (result < 0 && result >= -MAX_ERRNO);
export const register = ({ args }: CallView, index: number): number => args[index] ?? 0;

/** Shown from the register alone. */
const plain = (text: (value: number) => string): Argument => ({ text: (_, value) => text(value) });

export const int = plain(signed32);
export const uint = plain(unsigned32);
export const fd = int;
export const dirfd = plain((value) => ((value | 0) === AT_FDCWD ? "AT_FDCWD" : signed32(value)));
export const long = plain((value) => String(value));
/** size_t. */
export const size = plain((value) => unsigned(value).toString());
export const hexadecimal = plain(hex);
export const pointer = plain(address);
/** mode_t of open and mkdir. */
export const mode = plain((value) => octal(value & 0xffff));
/** uid_t, gid_t: -1 leaves it alone. */
export const id = plain((value) => (value >>> 0 === 0xffff_ffff ? "-1" : unsigned32(value)));

/** An unsigned int of flags. */
export const flags = (table: NameTable, unknown: string): Argument =>
  plain((value) => flagText(table, unknown, value >>> 0));
/** One of several values. */
export const oneOf = (table: NameTable, unknown: string): Argument =>
  plain((value) => valueText(table, unknown, value | 0));

/** A string argument, whole: paths are not abbreviated. */
export const path: Argument = {
  text({ reader }, value) {
    const bytes = value === 0 ? null : readCString(reader, value, PATH_MAX);
    return bytes === null ? address(value) : quote(bytes, PATH_MAX);
  },
};

/** A string of at most STRING_LIMIT bytes. */
export const string: Argument = {
  text({ reader }, value) {
    const bytes = value === 0 ? null : readCString(reader, value, STRING_LIMIT + 1);
    return bytes === null ? address(value) : quote(bytes);
  },
};

/** The first of `length` bytes: as many as are shown, and one that says that there are more. null: not there. */
const bytesAt = ({ reader }: CallView, va: number, length: number): Uint8Array | null =>
  va === 0 ? null : reader.read(va, Math.min(length, STRING_LIMIT + 1));

export const bufferText = (call: CallView, va: number, length: number): string => {
  const bytes = bytesAt(call, va, length);
  return bytes === null ? address(va) : quote(bytes);
};

/** `const void *`, whose length is in register `lengthIn`. */
export const input = (lengthIn: number): Argument => ({
  text: (call, value) => bufferText(call, value, register(call, lengthIn)),
});

/** `void *` that the kernel fills; the result is the length. */
export const output: Argument = {
  late: true,
  text: (call, value) => (failed(call) ? address(value) : bufferText(call, value, call.result!)),
};

/** The same for bytes without any meaning. */
export const randomOutput: Argument = {
  late: true,
  text(call, value) {
    const bytes = failed(call) ? null : bytesAt(call, value, call.result!);
    return bytes === null ? address(value) : quoteHex(bytes);
  },
};

/** A NUL-terminated string that the kernel fills. */
export const outputString: Argument = {
  late: true,
  text: (call, value) => (failed(call) ? address(value) : string.text(call, value)),
};

/** What a struct is shown as. */
export type Show<F extends Fields> = (value: StructValue<Struct<F>>, call: CallView) => string;

/** A struct at an address, or the address. */
export function structText<F extends Fields>(struct: Struct<F>, show: Show<F>, call: CallView, va: number): string {
  const bytes = va === 0 ? null : call.reader.read(va, struct.size);
  return bytes === null ? address(va) : show(struct.read(bytes), call);
}

/** A struct that the program gives. */
export const given = <F extends Fields>(struct: Struct<F>, show: Show<F>): Argument => ({
  text: (call, value) => structText(struct, show, call, value),
});

/** A struct that the kernel fills, when the call does not fail. */
export const filled = <F extends Fields>(struct: Struct<F>, show: Show<F>): Argument => ({
  late: true,
  text: (call, value) => (failed(call) ? address(value) : structText(struct, show, call, value)),
});

/** Shown late, and only if `when`; else the address. */
export const lateIf = (when: (call: CallView) => boolean, argument: Argument): Argument => ({
  late: true,
  text: (call, value) => (when(call) ? argument.text(call, value) : address(value)),
});

/** `T values[length]` at an address; null when it cannot be read. */
export function arrayText(
  { reader }: CallView,
  va: number,
  length: number,
  elementSize: number,
  show: (bytes: Uint8Array, i: number) => string,
): string {
  const shown = Math.min(length, STRING_LIMIT);
  const bytes = va === 0 ? null : reader.read(va, shown * elementSize);
  if (bytes === null) return address(va);
  return listText(length, (i) => show(bytes.subarray(i * elementSize, (i + 1) * elementSize), i));
}

/** "[5]": `int *`, `count` of them. */
const intsText = (call: CallView, va: number, count: number): string =>
  arrayText(call, va, count, 4, (bytes) => String(new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true)));
export const intsGiven = (count: number): Argument => ({ text: (call, value) => intsText(call, value, count) });
export const intsFilled = (count: number): Argument => lateIf((call) => !failed(call), intsGiven(count));

/** "name=" before the argument, which is that of register `index`. */
export const named = (name: string, argument: Argument, index: number): Argument => ({
  ...argument,
  register: index,
  text: (call, value) => `${name}=${argument.text(call, value)}`,
});
