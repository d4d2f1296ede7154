/** The files of /proc that the file systems themselves fill; the kernel adds its own with proc.create. */
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import type { Core } from "./core.ts";
import type { Vfs } from "./vfs.ts";

export const createProcFiles = (core: Core, vfs: Vfs): void => {
  // Block devices are not modelled: their list is empty.
  vfs.proc.create("devices", () => `${vfs.chrdevs.list()}\nBlock devices:\n`);
  vfs.proc.create("meminfo", () => formatMeminfo(core, vfs));
  vfs.proc.symlink("mounts", () => "self/mounts");
  vfs.proc.pidCreate("mounts", () => formatMounts(vfs));
};

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
  vfs.mounts.map(({ superBlock, path }) => `${superBlock.type} ${path} ${superBlock.type} rw 0 0\n`).join("");
