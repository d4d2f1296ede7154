/** Mapping an ELF file's segments into a new address space (elf_map, set_brk, padzero of fs/binfmt_elf.c). */
import { type Elf64Phdr, PF_R, PF_W, PF_X } from "../../../abi/elf.ts";
import { ENOMEM } from "../../../abi/errno.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from "../../../abi/mman.ts";
import { PAGE_ALIGN, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import { type Mm, TASK_SIZE } from "../mm/mm.ts";
import { type MappableFile, mmap, unmappedArea } from "../mm/mmap.ts";
import type { ElfFile } from "./elf-file.ts";

/** Where a position-independent program goes that has an interpreter: two thirds up (ELF_ET_DYN_BASE). */
export const ELF_ET_DYN_BASE = Math.floor(((TASK_SIZE / 3) * 2) / PAGE_SIZE) * PAGE_SIZE;

export interface MappedElf {
  /** What was added to every address of the file. */
  readonly bias: number;
  /** End of the last segment: where the heap begins. */
  readonly end: number;
  /** Ranges behind the bytes of a file's last page that must read as zeros. */
  readonly zero: readonly { readonly start: number; readonly length: number }[];
}

const pageDown = (address: number): number => address - (address % PAGE_SIZE);

const protOf = ({ p_flags }: Elf64Phdr): number =>
  ((p_flags & PF_R) !== 0 ? PROT_READ : 0) |
  ((p_flags & PF_W) !== 0 ? PROT_WRITE : 0) |
  ((p_flags & PF_X) !== 0 ? PROT_EXEC : 0);

/** Maps all segments; -errno when one cannot be. `base`: where an ET_DYN file should begin; null, anywhere. */
export const mapElf = (mm: Mm, file: MappableFile, elf: ElfFile, base: number | null): MappedElf | number => {
  const lowest = Math.min(...elf.segments.map((segment) => pageDown(segment.p_vaddr)));
  const highest = Math.max(...elf.segments.map((segment) => segment.p_vaddr + segment.p_memsz));
  let bias = 0;
  if (elf.isDynamic) {
    const place = unmappedArea(mm, base ?? 0, PAGE_ALIGN(highest - lowest), 0);
    if (place < 0) return place;
    bias = place - lowest;
  }
  if (highest + bias > TASK_SIZE) return -ENOMEM;
  const zero: { start: number; length: number }[] = [];
  for (const segment of elf.segments) {
    const error = mapSegment(mm, file, segment, bias);
    if (error < 0) return error;
    const fileEnd = segment.p_vaddr + bias + segment.p_filesz;
    const tail = Math.min(PAGE_ALIGN(fileEnd), segment.p_vaddr + bias + segment.p_memsz) - fileEnd;
    if (tail > 0 && (segment.p_flags & PF_W) !== 0) zero.push({ start: fileEnd, length: tail });
  }
  return { bias, end: highest + bias, zero };
};

const mapSegment = (mm: Mm, file: MappableFile, segment: Elf64Phdr, bias: number): number => {
  const start = pageDown(segment.p_vaddr + bias);
  const inPage = segment.p_vaddr + bias - start;
  const fileEnd = segment.p_filesz === 0 ? start : PAGE_ALIGN(segment.p_vaddr + bias + segment.p_filesz);
  const memoryEnd = PAGE_ALIGN(segment.p_vaddr + bias + segment.p_memsz);
  const prot = protOf(segment);
  if (fileEnd > start) {
    // A later segment may lie over the end of an earlier one's last page, as on Linux.
    const flags = MAP_PRIVATE | MAP_FIXED;
    const offset = segment.p_offset - inPage;
    const result = mmap(mm, { address: start, length: fileEnd - start, prot, flags, file, offset });
    if (result < 0) return result;
  }
  if (memoryEnd <= fileEnd) return 0;
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | (segment.p_filesz === 0 ? 0 : MAP_FIXED_NOREPLACE);
  const result = mmap(mm, { address: fileEnd, length: memoryEnd - fileEnd, prot, flags, file: null, offset: 0 });
  return Math.min(result, 0);
};
