/** How strace(1) writes numbers, addresses, strings and sets of flags. */

/** Reads guest memory without faulting it in. */
export interface MemoryReader {
  /** The bytes, or null when one of them cannot be read. */
  read(va: number, length: number): Uint8Array | null;
}

/** strace's -s: so many bytes of a string or elements of an array are shown. */
export const STRING_LIMIT = 32;

/** A register as the number that it is: a program in TypeScript may have put anything into it. */
const whole = (register: number): number => (Number.isFinite(register) ? Math.trunc(register) : 0);

/** The unsigned 64-bit value of a register. */
export const unsigned = (register: number): bigint => BigInt.asUintN(64, BigInt(whole(register)));

/** %#lx: "0x10", and "0" for zero. */
export const hex = (register: number): string => (register === 0 ? "0" : `0x${unsigned(register).toString(16)}`);

export const address = (register: number): string => (register === 0 ? "NULL" : hex(register));

/** %#03o, as permissions are shown: "0644", "000". */
export const octal = (mode: number): string => `0${mode.toString(8).padStart(2, "0")}`;

export const signed32 = (register: number): string => String(whole(register) | 0);
export const unsigned32 = (register: number): string => String(whole(register) >>> 0);

/** Names of values, in the order in which strace shows them. */
export type NameTable = Readonly<Record<string, number>>;

/**
 * "A|B|0x40"; "0x40 /* X_??? *\/" when no bit has a name (`unknown` null: without the remark); for zero the name of
 * zero, else "0".
 */
export function flagText(table: NameTable, unknown: string | null, register: number): string {
  let rest = unsigned(register);
  const names: string[] = [];
  for (const [name, value] of Object.entries(table)) {
    const bits = BigInt(value);
    if (bits === 0n ? rest === 0n && names.length === 0 : (rest & bits) === bits) {
      names.push(name);
      rest &= ~bits;
    }
  }
  if (rest === 0n) return names.length === 0 ? "0" : names.join("|");
  const bits = `0x${rest.toString(16)}`;
  if (names.length > 0) return `${names.join("|")}|${bits}`;
  return unknown === null ? bits : `${bits} /* ${unknown} */`;
}

/** The name of one value, or "0x9 /* X_??? *\/". */
export function valueText(table: NameTable, unknown: string, value: number): string {
  for (const [name, known] of Object.entries(table)) if (known === value) return name;
  return `${hex(value)} /* ${unknown} */`;
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
]);

/** A C string literal. An octal escape is as short as it can be, three digits long where a digit follows. */
export function quote(bytes: Uint8Array, limit = STRING_LIMIT): string {
  const shown = bytes.subarray(0, limit);
  let text = "";
  for (const [i, byte] of shown.entries()) {
    const known = ESCAPES.get(byte);
    if (known !== undefined) text += known;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(isDigit(shown[i + 1]) ? 3 : 1, "0")}`;
  }
  return `"${text}"${bytes.length > limit ? "..." : ""}`;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Random bytes: "\x0a\xff". */
export function quoteHex(bytes: Uint8Array): string {
  const text = [...bytes.subarray(0, STRING_LIMIT)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return `"${text}"${bytes.length > STRING_LIMIT ? "..." : ""}`;
}

const PAGE_SIZE = 4096;

/** The bytes before the NUL, at most `limit`; null when memory ends before. Read by pages: the next may not be there. */
export function readCString(reader: MemoryReader, va: number, limit: number): Uint8Array | null {
  let bytes = new Uint8Array(0);
  while (bytes.length < limit) {
    const at = va + bytes.length;
    const room = PAGE_SIZE - (((at % PAGE_SIZE) + PAGE_SIZE) % PAGE_SIZE);
    const piece = reader.read(at, Math.min(room, limit - bytes.length));
    if (piece === null) return null;
    const end = piece.indexOf(0);
    const longer = new Uint8Array(bytes.length + (end < 0 ? piece.length : end));
    longer.set(bytes);
    longer.set(piece.subarray(0, longer.length - bytes.length), bytes.length);
    bytes = longer;
    if (end >= 0) break;
  }
  return bytes;
}

/** "[a, b, ...]": at most STRING_LIMIT of `length` elements. */
export function listText(length: number, element: (i: number) => string): string {
  const shown = Array.from({ length: Math.min(length, STRING_LIMIT) }, (_, i) => element(i));
  return `[${[...shown, ...(length > STRING_LIMIT ? ["..."] : [])].join(", ")}]`;
}
