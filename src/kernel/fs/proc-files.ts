/** The files of /proc that the file systems themselves fill; the kernel adds its own with proc.create. */
import type { VmArea } from "../../../devices/drivers/driver.ts";
import { MAJOR, MINOR, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { formatMaps, formatSmaps, type MappedFile } from "../maps.ts";
import type { Task } from "../task.ts";
import type { OpenFile } from "./file.ts";
import { createMachineFiles } from "./proc-machine.ts";
import { formatLimits, formatStat, formatStatm, formatStatus, readEnvironment } from "./proc-task.ts";
import type { Vfs } from "./vfs.ts";

export const createProcFiles = (core: Core, vfs: Vfs): void => {
  // Block devices are not modelled: their list is empty.
  vfs.proc.create("devices", () => `${vfs.chrdevs.list()}\nBlock devices:\n`);
  vfs.proc.create("meminfo", () => formatMeminfo(core, vfs));
  vfs.proc.symlink("mounts", () => "self/mounts");
  vfs.proc.pidCreate("maps", (_, task) => mapsOf(task));
  createMachineFiles(core, vfs);
  vfs.proc.pidCreate("stat", (_, task) => formatStat(core, task));
  vfs.proc.pidCreate("statm", (_, task) => formatStatm(task));
  vfs.proc.pidCreate("status", (_, task) => formatStatus(task));
  vfs.proc.pidCreate("limits", (_, task) => formatLimits(task));
  vfs.proc.pidCreate("environ", (_, task) => readEnvironment(core, task), 0o400);
  vfs.proc.pidCreate("auxv", (_, task) => task.mm.layout?.auxv ?? new Uint8Array(0), 0o400);
  vfs.proc.pidCreate("smaps", (_, task) => formatSmaps(task.mm, mappedFile));
  vfs.proc.pidCreate("mounts", () => formatMounts(vfs));
  vfs.proc.pidCreate("mountinfo", () => formatMountInfo(vfs));
};

/** What /proc/<pid>/maps says about the file of a mapping. */
const mappedFile = (vma: VmArea): MappedFile | null => {
  const file = vma.file as OpenFile | null;
  return file === null ? null : { dev: file.inode.superBlock.dev, ino: file.inode.ino, path: file.path };
};

/** /proc/<pid>/maps of a process. */
export const mapsOf = (task: Task): string => formatMaps(task.mm, mappedFile);

/** proc(5), fs/proc/meminfo.c: the lines that programs ask for. */
const formatMeminfo = (core: Core, vfs: Vfs): string => {
  const { total, available } = core.pages;
  const cached = [...vfs.mounts, vfs.shmem].reduce((sum, { superBlock }) => sum + superBlock.usedPages, 0);
  const line = (name: string, pages: number): string =>
    `${`${name}:`.padEnd(16)}${String((pages * PAGE_SIZE) / 1024).padStart(8)} kB\n`;
  return [
    line("MemTotal", total),
    line("MemFree", available),
    line("MemAvailable", available),
    line("Buffers", 0),
    line("Cached", cached),
    line("SwapCached", 0),
    line("SwapTotal", 0),
    line("SwapFree", 0),
    line("Shmem", cached),
  ].join("");
};

/** fs/proc_namespace.c: "rootfs / rootfs rw 0 0". */
const formatMounts = (vfs: Vfs): string =>
  vfs.mounts
    .map(
      ({ superBlock: { type, readOnly }, path }) => `${type} ${mangle(path)} ${type} ${readOnly ? "ro" : "rw"} 0 0\n`,
    )
    .join("");

/** The root of mounts, then what lies on it: "mount ID, parent ID, major:minor, root, mount point, options …", proc(5). */
const formatMountInfo = (vfs: Vfs): string =>
  vfs.mounts
    .map(({ superBlock: { type, dev, readOnly }, path }, i) => {
      const options = readOnly ? "ro" : "rw";
      const parent = i === 0 ? 1 : FIRST_MOUNT;
      const place = `${FIRST_MOUNT + i} ${parent} ${MAJOR(dev)}:${MINOR(dev)} / ${mangle(path)}`;
      return `${place} ${options},relatime - ${type} ${type} ${options}\n`;
    })
    .join("");

const FIRST_MOUNT = 20;

/** mangle(): what would end a field is written in octal. */
const mangle = (path: string): string =>
  path.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
