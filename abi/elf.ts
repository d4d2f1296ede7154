/** ELF64 for RISC-V: linux/elf.h, linux/auxvec.h and the psABI, as far as a loader of programs reads them. */
import { array, defineStruct, i64, type StructValue, u8, u16, u32, u64 } from "./struct.ts";

export const ELFMAG = [0x7f, 0x45, 0x4c, 0x46] as const;
/** Indices into e_ident, and the values a riscv64 Linux program has there. */
export const EI_CLASS = 4;
export const EI_DATA = 5;
export const EI_VERSION = 6;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const EV_CURRENT = 1;

export const ET_EXEC = 2;
export const ET_DYN = 3;
export const EM_RISCV = 243;

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_PHDR = 6;
export const PT_TLS = 7;
export const PT_GNU_STACK = 0x6474_e551;
export const PT_RISCV_ATTRIBUTES = 0x7000_0003;

export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;

/** Elf64_Ehdr: 64 bytes. Addresses and offsets are signed: one above 2^63 is negative, and refused. */
export const elf64Ehdr = defineStruct({
  e_ident: array(u8, 16),
  e_type: u16,
  e_machine: u16,
  e_version: u32,
  e_entry: i64,
  e_phoff: i64,
  e_shoff: i64,
  e_flags: u32,
  e_ehsize: u16,
  e_phentsize: u16,
  e_phnum: u16,
  e_shentsize: u16,
  e_shnum: u16,
  e_shstrndx: u16,
});
export type Elf64Ehdr = StructValue<typeof elf64Ehdr>;

/** Elf64_Phdr: 56 bytes. */
export const elf64Phdr = defineStruct({
  p_type: u32,
  p_flags: u32,
  p_offset: i64,
  p_vaddr: i64,
  p_paddr: i64,
  p_filesz: i64,
  p_memsz: i64,
  p_align: i64,
});
export type Elf64Phdr = StructValue<typeof elf64Phdr>;

/** Elf64_auxv_t: 16 bytes. */
export const elf64Auxv = defineStruct({ a_type: u64, a_val: i64 });

export const AT_NULL = 0;
export const AT_PHDR = 3;
export const AT_PHENT = 4;
export const AT_PHNUM = 5;
export const AT_PAGESZ = 6;
export const AT_BASE = 7;
export const AT_FLAGS = 8;
export const AT_ENTRY = 9;
export const AT_UID = 11;
export const AT_EUID = 12;
export const AT_GID = 13;
export const AT_EGID = 14;
export const AT_HWCAP = 16;
export const AT_CLKTCK = 17;
export const AT_SECURE = 23;
export const AT_RANDOM = 25;
export const AT_EXECFN = 31;
