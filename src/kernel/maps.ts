/**
 * /proc/<pid>/maps: one line a mapping, as proc(5) describes and show_map_vma (fs/proc/task_mmu.c) prints it; and
 * /proc/<pid>/smaps: the same lines, each with what the mapping has of memory (show_smap).
 *
 * Not modelled in smaps: who else uses a page (Pss, Shared_*, Private_*), huge pages, swap.
 */
import {
  MAJOR,
  MINOR,
  PAGE_SIZE,
  VM_ACCOUNT,
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_IO,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_MIXEDMAP,
  VM_NORESERVE,
  VM_PFNMAP,
  VM_READ,
  VM_SHARED,
  VM_WIPEONFORK,
  VM_WRITE,
} from "../../devices/drivers/vm.ts";
import type { Mm } from "./mm/mm.ts";
import { ptePresent, pteSpecial } from "./mm/page-table.ts";
import type { VmAreaRecord } from "./mm/vma.ts";

/** The path begins in this column. */
const NAME_COLUMN = 73;

/** A mapping's file: the file system's device number, the inode, the path. */
export interface MappedFile {
  readonly dev: number;
  readonly ino: number;
  readonly path: string;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** The last column: a path, [heap], [stack], [vdso], or nothing. */
export const nameOf = (mm: Mm, vma: VmAreaRecord, file: { readonly path: string } | null): string => {
  // seq_path() escapes what would end the line.
  if (file !== null) return file.path.replaceAll("\n", "\\012");
  if (vma.start < mm.brk && vma.end > mm.startBrk) return "[heap]";
  const { layout } = mm;
  if (layout === null) return "";
  if (vma.start <= layout.startStack && vma.end >= layout.startStack) return "[stack]";
  return vma.start === layout.vdso ? "[vdso]" : "";
};

const formatLine = (mm: Mm, vma: VmAreaRecord, file: MappedFile | null): string => {
  const permissions = [
    (vma.flags & VM_READ) !== 0 ? "r" : "-",
    (vma.flags & VM_WRITE) !== 0 ? "w" : "-",
    (vma.flags & VM_EXEC) !== 0 ? "x" : "-",
    (vma.flags & VM_MAYSHARE) !== 0 ? "s" : "p",
  ].join("");
  const offset = file === null ? 0 : vma.pgoff * PAGE_SIZE;
  const device = file === null ? "00:00" : `${hex(MAJOR(file.dev), 2)}:${hex(MINOR(file.dev), 2)}`;
  const head = `${hex(vma.start, 8)}-${hex(vma.end, 8)} ${permissions} ${hex(offset, 8)} ${device} ${file?.ino ?? 0} `;
  const name = nameOf(mm, vma, file);
  return `${name === "" ? head : head.padEnd(NAME_COLUMN) + name}\n`;
};

export const formatMaps = (mm: Mm, fileOf: (vma: VmAreaRecord) => MappedFile | null): string =>
  [...mm.vmas].map((vma) => formatLine(mm, vma, fileOf(vma))).join("");

/** show_smap_vma_flags: two letters a flag, in the order of the bits. */
const VM_FLAG_NAMES: readonly (readonly [flag: number, name: string])[] = [
  [VM_READ, "rd"],
  [VM_WRITE, "wr"],
  [VM_EXEC, "ex"],
  [VM_SHARED, "sh"],
  [VM_MAYREAD, "mr"],
  [VM_MAYWRITE, "mw"],
  [VM_MAYEXEC, "me"],
  [VM_MAYSHARE, "ms"],
  [VM_GROWSDOWN, "gd"],
  [VM_PFNMAP, "pf"],
  [VM_LOCKED, "lo"],
  [VM_IO, "io"],
  [VM_DONTCOPY, "dc"],
  [VM_DONTEXPAND, "de"],
  [VM_ACCOUNT, "ac"],
  [VM_NORESERVE, "nr"],
  [VM_WIPEONFORK, "wf"],
  [VM_DONTDUMP, "dd"],
  [VM_MIXEDMAP, "mm"],
];

/** Bytes of pages that are there and that the kernel counts: a driver's bare page numbers and the zero page are not. */
export const residentSize = (mm: Mm, { start, end }: VmAreaRecord): number => {
  let size = 0;
  mm.table.update(start, end, (_va, pte) => {
    if (ptePresent(pte) && !pteSpecial(pte)) size += PAGE_SIZE;
    return pte;
  });
  return size;
};

const formatSmap = (mm: Mm, vma: VmAreaRecord, file: MappedFile | null): string => {
  const size = (name: string, bytes: number): string =>
    `${`${name}:`.padEnd(16)}${String(bytes / 1024).padStart(8)} kB\n`;
  const flags = VM_FLAG_NAMES.filter(([flag]) => (vma.flags & flag) !== 0).map(([, name]) => `${name} `);
  return [
    formatLine(mm, vma, file),
    size("Size", vma.end - vma.start),
    size("KernelPageSize", PAGE_SIZE),
    size("MMUPageSize", PAGE_SIZE),
    size("Rss", residentSize(mm, vma)),
    `VmFlags: ${flags.join("")}\n`,
  ].join("");
};

export const formatSmaps = (mm: Mm, fileOf: (vma: VmAreaRecord) => MappedFile | null): string =>
  [...mm.vmas].map((vma) => formatSmap(mm, vma, fileOf(vma))).join("");
