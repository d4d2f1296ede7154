/** A static riscv64 ELF of one segment, written by hand from the ELF specification and the base instruction formats. */
import { elf64Ehdr, elf64Phdr } from "../../../abi/elf.ts";

const BASE = 0x1_0000;

const A0 = 10;
const A1 = 11;
const A2 = 12;
const A7 = 17;
const SP = 2;

/** addi rd, rs1, imm (I-type: imm[11:0] rs1 000 rd 0010011). */
const addi = (rd: number, rs1: number, imm: number): number => ((imm << 20) | (rs1 << 15) | (rd << 7) | 0x13) >>> 0;
export const ECALL = 0x73;
const SYS_WRITE = 64;
const SYS_EXIT = 93;

/** slli rd, rs1, shamt and sub rd, rs1, rs2. */
const slli = (rd: number, rs1: number, shamt: number): number =>
  ((shamt << 20) | (rs1 << 15) | (1 << 12) | (rd << 7) | 0x13) >>> 0;
const sub = (rd: number, rs1: number, rs2: number): number =>
  ((0x20 << 25) | (rs2 << 20) | (rs1 << 15) | (rd << 7) | 0x33) >>> 0;

/** write(1, sp, 2^38 - sp); exit(0): all of the stack, up to the end of user addresses. */
export const DUMP_STACK: readonly number[] = [
  addi(A1, SP, 0),
  addi(A0, 0, 1),
  addi(A2, 0, 1),
  slli(A2, A2, 38),
  sub(A2, A2, SP),
  addi(A7, 0, SYS_WRITE),
  ECALL,
  addi(A0, 0, 0),
  addi(A7, 0, SYS_EXIT),
  ECALL,
];

export interface TinyElfOptions {
  readonly type?: number;
  readonly flags?: number;
  readonly memsz?: number;
  readonly machine?: number;
}

export const tinyElf = (code: readonly number[], options: TinyElfOptions = {}): Uint8Array => {
  const headers = elf64Ehdr.size + elf64Phdr.size;
  const bytes = new Uint8Array(headers + code.length * 4);
  const isDynamic = (options.type ?? 2) === 3;
  const base = isDynamic ? 0 : BASE;
  elf64Ehdr.write(bytes, 0, {
    e_ident: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    e_type: options.type ?? 2,
    e_machine: options.machine ?? 243,
    e_version: 1,
    e_entry: base + headers,
    e_phoff: elf64Ehdr.size,
    e_ehsize: elf64Ehdr.size,
    e_phentsize: elf64Phdr.size,
    e_phnum: 1,
  });
  elf64Phdr.write(bytes, elf64Ehdr.size, {
    p_type: 1,
    p_flags: options.flags ?? 5,
    p_offset: 0,
    p_vaddr: base,
    p_filesz: bytes.length,
    p_memsz: options.memsz ?? bytes.length,
    p_align: 4096,
  });
  const view = new DataView(bytes.buffer);
  code.forEach((word, i) => {
    view.setUint32(headers + 4 * i, word, true);
  });
  return bytes;
};
