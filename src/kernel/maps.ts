/** /proc/<pid>/maps: one line a mapping, as proc(5) describes and show_map_vma (fs/proc/task_mmu.c) prints it. */
import { MAJOR, MINOR, PAGE_SIZE, VM_EXEC, VM_MAYSHARE, VM_READ, VM_WRITE } from "../../devices/drivers/vm.ts";
import type { Mm } from "./mm/mm.ts";
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

const nameOf = (mm: Mm, vma: VmAreaRecord, file: MappedFile | null): string => {
  if (file !== null) return file.path;
  return vma.start < mm.brk && vma.end > mm.startBrk ? "[heap]" : "";
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
