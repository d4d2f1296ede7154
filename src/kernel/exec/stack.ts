/**
 * A new program's stack as the psABI and create_elf_tables (fs/binfmt_elf.c) lay it out, from the top down:
 *
 *   8 zero bytes │ file name │ environment strings │ argument strings │ 16 random bytes │ padding
 *   AT_NULL … auxiliary vector │ NULL │ envp[] │ NULL │ argv[] │ argc   ← sp, a multiple of 16
 */
import { AT_EXECFN, AT_NULL, AT_RANDOM, elf64Auxv } from "../../../abi/elf.ts";

const POINTER = 8;
const RANDOM_BYTES = 16;
const ALIGN = 16;

export interface StackContents {
  /** The path that was executed. */
  readonly fileName: Uint8Array;
  /** Without their NULs. */
  readonly argv: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  readonly random: Uint8Array;
  /** Pairs of AT_… and value, without those that are addresses on the stack. */
  readonly auxv: readonly (readonly [type: number, value: number])[];
}

export interface BuiltStack {
  /** Where the bytes go: the new stack pointer. */
  readonly sp: number;
  readonly bytes: Uint8Array;
  /** Where the environment's strings lie, and the auxiliary vector's bytes. */
  readonly layout: { readonly envStart: number; readonly envEnd: number; readonly auxv: Uint8Array };
}

/** Bytes that the strings and vectors take, at most. */
export const stackSize = ({ fileName, argv, env, auxv }: StackContents): number => {
  const strings = [fileName, ...argv, ...env].reduce((sum, text) => sum + text.length + 1, 0);
  const words = argv.length + env.length + 3 + 2 * (auxv.length + 3);
  return strings + RANDOM_BYTES + words * POINTER + POINTER + 2 * ALIGN;
};

export const buildStack = (top: number, contents: StackContents): BuiltStack => {
  const size = stackSize(contents);
  const bottom = top - size - ((top - size) % ALIGN);
  const bytes = new Uint8Array(top - bottom);
  let at = top - POINTER;
  const put = (text: Uint8Array): number => {
    at -= text.length + 1;
    bytes.set(text, at - bottom);
    return at;
  };
  const fileName = put(contents.fileName);
  // Strings lie in the order of their vectors, the last one highest.
  const env = contents.env.toReversed().map(put).reverse();
  const argv = contents.argv.toReversed().map(put).reverse();
  at -= RANDOM_BYTES;
  at -= at % ALIGN;
  const random = at;
  bytes.set(contents.random, random - bottom);
  const auxv = [...contents.auxv, [AT_RANDOM, random], [AT_EXECFN, fileName], [AT_NULL, 0]] as const;
  const words = 1 + argv.length + 1 + env.length + 1;
  const sp = at - words * POINTER - auxv.length * elf64Auxv.size;
  const aligned = sp - (sp % ALIGN);
  const view = new DataView(bytes.buffer);
  [argv.length, ...argv, 0, ...env, 0].forEach((word, i) => {
    view.setBigInt64(aligned - bottom + i * POINTER, BigInt(word), true);
  });
  auxv.forEach(([a_type, a_val], i) => {
    elf64Auxv.write(bytes, aligned - bottom + words * POINTER + i * elf64Auxv.size, { a_type, a_val });
  });
  const vector = aligned - bottom + words * POINTER;
  const layout = {
    envStart: env[0] ?? fileName,
    envEnd: fileName,
    auxv: bytes.slice(vector, vector + auxv.length * elf64Auxv.size),
  };
  return { sp: aligned, bytes: bytes.subarray(aligned - bottom), layout };
};
