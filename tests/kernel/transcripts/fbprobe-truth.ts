/**
 * Truth of fbprobe.c and of its port: fbprobe-vfb.txt and fbprobe-bochs-drm.txt, what it printed on two kernels of Linux
 * 6.12 (riscv64), one with vfb and one with a DRM driver's framebuffer. Ours is vfb's answer line by line, except where
 * the two lists below say why it is DRM's, or one of our own.
 */
import { readFileSync } from "node:fs";

const recorded = (kernel: string): string[] =>
  readFileSync(new URL(`./fbprobe-${kernel}.txt`, import.meta.url), "utf8").split("\n");

export const vfb = recorded("vfb");
export const drm = recorded("bochs-drm");

/** Lines, counted from 1, where the two kernels differ and ours does as DRM's. */
export const AS_DRM = new Map([
  [10, "vfb has no fb_ioctl method; our card has a vertical blank to wait for"],
  [17, "vfb has no fb_blank method; our card blanks"],
  [18, "the same"],
  [19, "the same"],
  [37, "vfb's ywrapstep is 1; our card does not wrap, and fb_pan_display refuses FB_VMODE_YWRAP when ywrapstep is 0"],
  [89, "the DONTNEED before it was refused, so the page is still there (vfb lost it and has no fault handler)"],
  [97, "__mm_populate passes over VM_IO and VM_PFNMAP mappings (vfb misses the page that DONTNEED dropped)"],
  [118, "behind video memory lies the card's register page (fb_io_mmap, mmio_start); vfb has none, DRM maps anything"],
]);

/** Lines where ours is neither kernel's. */
export const OURS = new Map<number, readonly [line: string, reason: string]>([
  [5, ["var 1024x768 virt 1024x768 bpp 32 r16/8 g8/8 b0/8 t0/0 activate 0", "vfb's size, DRM's pixel: xrgb8888"]],
  [
    6,
    [
      "fix id=scanout smem_start=40000000 len=8388608 line=4096 xpan 1 ypan 1 ywrap 0 mmio 11000000/4096 accel 0 cap 0 visual 2",
      "our card's name, its physical addresses and its register page; DRM's ywrapstep",
    ],
  ],
  [83, [" VmFlags: rd wr sh mr mw me ms pf io de dd ", "remap_pfn_range sets VM_IO and VM_PFNMAP, not VM_MIXEDMAP"]],
  [87, [" vec 0", "mincore tells of no VM_PFNMAP page"]],
  [
    88,
    [
      "madvise(m,PG,MADV_DONTNEED)                                            = -1 EINVAL",
      "madvise(2): EINVAL, the range includes VM_PFNMAP pages",
    ],
  ],
  [
    93,
    [
      "madvise(m,PG,MADV_DOFORK)                                              = -1 EINVAL",
      "madvise_vma_behavior refuses MADV_DOFORK for a VM_IO mapping",
    ],
  ],
  [
    95,
    [
      "madvise(m,PG,MADV_POPULATE_WRITE)                                      = -1 EINVAL",
      "madvise(2): EINVAL, special mappings, for example VM_PFNMAP (vfb: the page that DONTNEED dropped)",
    ],
  ],
]);

/** What the program should print here. */
export const expected = vfb.map((line, i) => OURS.get(i + 1)?.[0] ?? (AS_DRM.has(i + 1) ? drm[i]! : line));

/**
 * Lines of /proc/self/maps without what no two machines share: addresses from the first mapping on, no inode number.
 * The column where the path begins stays.
 */
export const withoutPlace = (lines: readonly string[]): string[] => {
  const base = Number.parseInt(/^ maps: (\w+)/m.exec(lines.join("\n"))![1]!, 16);
  const relative = (address: string): string => `m+${(Number.parseInt(address, 16) - base).toString(16)}`;
  return lines.map((line) =>
    line.replace(
      /^ maps: (\w+)-(\w+) (\S+ \S+ \S+) \d+ +(.+)$/,
      (_, start: string, end: string, middle: string, path: string) =>
        ` maps: ${relative(start)}-${relative(end)} ${middle} inode ${path} in column ${line.indexOf(path)}`,
    ),
  );
};
