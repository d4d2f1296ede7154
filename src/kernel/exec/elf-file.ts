/**
 * Reading an ELF file's headers (fs/binfmt_elf.c of Linux 6.12). Everything in them may be hostile: what is returned has
 * been checked so that no sum or product of its numbers leaves the range in which a number is exact.
 */
import {
  EI_CLASS,
  EI_DATA,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFMAG,
  type Elf64Phdr,
  EM_RISCV,
  ET_DYN,
  ET_EXEC,
  elf64Ehdr,
  elf64Phdr,
  PT_INTERP,
  PT_LOAD,
} from "../../../abi/elf.ts";
import { EINVAL, ENOEXEC } from "../../../abi/errno.ts";
import { PATH_MAX } from "../../../abi/fcntl.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import { TASK_SIZE } from "../mm/mm.ts";

/** Bytes of program headers that a loader reads (ELF_MIN_ALIGN in elf.c: 64 KiB). */
const PHDRS_MOST = 0x1_0000;

/** `length` bytes of the file from `at`, fewer at its end. */
export type ReadAt = (at: number, length: number) => Uint8Array;

export interface ElfFile {
  /** Linked for any address (ET_DYN). */
  readonly isDynamic: boolean;
  readonly entry: number;
  readonly phoff: number;
  readonly phnum: number;
  /** PT_LOAD segments, checked. */
  readonly segments: readonly Elf64Phdr[];
  /** Path of the program interpreter, or null. */
  readonly interpreter: string | null;
}

/** The headers, or -ENOEXEC for a file that is no riscv64 program, -EINVAL for segments that cannot be. */
export const readElf = (read: ReadAt): ElfFile | number => {
  const head = read(0, elf64Ehdr.size);
  if (head.length < elf64Ehdr.size || ELFMAG.some((byte, i) => head[i] !== byte)) return -ENOEXEC;
  const header = elf64Ehdr.read(head);
  const { e_ident, e_type, e_machine, e_entry, e_phoff, e_phnum, e_phentsize } = header;
  if (e_ident[EI_CLASS] !== ELFCLASS64 || e_ident[EI_DATA] !== ELFDATA2LSB) return -ENOEXEC;
  if ((e_type !== ET_EXEC && e_type !== ET_DYN) || e_machine !== EM_RISCV) return -ENOEXEC;
  const length = e_phnum * elf64Phdr.size;
  if (e_phentsize !== elf64Phdr.size || e_phnum === 0 || length > PHDRS_MOST) return -ENOEXEC;
  if (e_phoff < 0 || e_phoff > TASK_SIZE) return -ENOEXEC;
  const table = read(e_phoff, length);
  if (table.length < length) return -ENOEXEC;
  const phdrs = Array.from({ length: e_phnum }, (_, i) => elf64Phdr.read(table, i * elf64Phdr.size));
  const segments = phdrs.filter((phdr) => phdr.p_type === PT_LOAD);
  if (segments.length === 0 || !segments.every(isSound)) return -EINVAL;
  const interpreter = readInterpreter(phdrs, read);
  if (typeof interpreter === "number") return interpreter;
  const isDynamic = e_type === ET_DYN;
  return { isDynamic, entry: e_entry, phoff: e_phoff, phnum: e_phnum, segments, interpreter };
};

/** load_elf_binary's checks of one segment: in the user's half, no more file than memory, offset and address congruent. */
const isSound = ({ p_vaddr, p_memsz, p_filesz, p_offset }: Elf64Phdr): boolean => {
  if (p_vaddr < 0 || p_memsz < 0 || p_filesz < 0 || p_offset < 0) return false;
  if (p_filesz > p_memsz || p_memsz > TASK_SIZE || p_vaddr > TASK_SIZE - p_memsz || p_offset > TASK_SIZE) return false;
  return p_vaddr % PAGE_SIZE === p_offset % PAGE_SIZE;
};

const readInterpreter = (phdrs: readonly Elf64Phdr[], read: ReadAt): string | null | number => {
  const found = phdrs.find((phdr) => phdr.p_type === PT_INTERP);
  if (found === undefined) return null;
  const { p_offset, p_filesz } = found;
  if (p_filesz < 2 || p_filesz > PATH_MAX || p_offset < 0 || p_offset > TASK_SIZE) return -ENOEXEC;
  const bytes = read(p_offset, p_filesz);
  // "make sure path is NULL terminated"
  if (bytes.length < p_filesz || bytes[p_filesz - 1] !== 0) return -ENOEXEC;
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
};
