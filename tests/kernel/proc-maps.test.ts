/** /proc/self/maps. Truth: proc_pid_maps(5), and lines that Linux 6.12 (riscv64) printed for the same mappings. */
import { expect, test } from "vitest";
import { O_CREAT, O_RDONLY, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.ts";
import { deviceModule, Lab, PAGE, readText } from "./lab.ts";

const BASE = 0x3f_1000_0000;

test("a line each, in the order of addresses: range, permissions, offset, device, inode, path in column 73", async () => {
  const lab = await Lab.boot();
  lab.kernel.insmod(deviceModule("card", () => ({ mmap: () => 0 })));
  await lab.run(async (c) => {
    const fd = await c.open("/tmp/file with blank", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, 8 * PAGE);
    const card = await c.open("/dev/card", O_RDWR);
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    let at = BASE;
    const map = (pages: number, prot: number, how: number, file: number, offset = 0): void => {
      expect(c.mmap(at, pages * PAGE, prot, how, file, offset)).toBe(at);
      at += (pages + 1) * PAGE;
    };
    map(1, 0, flags, -1);
    map(2, 7, flags, -1);
    map(1, 2, MAP_SHARED | MAP_FIXED, fd, 3 * PAGE);
    map(1, 1, MAP_PRIVATE | MAP_FIXED, fd);
    map(1, 3, MAP_SHARED | MAP_FIXED, card);
    map(1, 3, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1);
    c.unlink("/tmp/file with blank");
    const ino = (file: number) => (c.fstat(file) as { st_ino: number }).st_ino;
    const lines = (await readText(c, "/proc/self/maps")).split("\n").filter((line) => line.startsWith("3f100"));
    const file = `${(c.fstat(fd) as { st_dev: number }).st_dev.toString(16).padStart(4, "0")}`;
    const dev = `${file.slice(0, 2)}:${file.slice(2)}`;
    const padded = (head: string, path: string): string => `${head.padEnd(73)}${path}`;
    expect(lines.slice(0, 4)).toEqual([
      "3f10000000-3f10001000 ---p 00000000 00:00 0 ",
      "3f10002000-3f10004000 rwxp 00000000 00:00 0 ",
      padded(`3f10005000-3f10006000 -w-s 00003000 ${dev} ${ino(fd)} `, "/tmp/file with blank (deleted)"),
      padded(`3f10007000-3f10008000 r--p 00000000 ${dev} ${ino(fd)} `, "/tmp/file with blank (deleted)"),
    ]);
    // "…rw-s 00000000 00:06 ino /dev/fb0", as a real framebuffer's line is.
    expect(lines[4]).toMatch(/^3f10009000-3f1000a000 rw-s 00000000 00:[0-9a-f]{2} \d+ +\/dev\/card$/);
    expect(lines[4]!.indexOf("/dev/card")).toBe(73);
    expect(lines[5]).toMatch(/^3f1000b000-3f1000c000 rw-s 00000000 00:[0-9a-f]{2} \d+ +\/dev\/zero \(deleted\)$/);
    return 0;
  });
});

test("[heap] is what brk(2) made, a path with a newline is one line", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    c.malloc(8);
    const fd = await c.open("/tmp/two\nlines", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(fd, PAGE);
    c.mmap(BASE, PAGE, 1, MAP_SHARED | MAP_FIXED, fd, 0);
    const lines = (await readText(c, "/proc/self/maps")).trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{8} rw-p 00000000 00:00 0 +\[heap\]$/);
    // seq_path() escapes what would break the line.
    expect(lines[1]).toMatch(/\/tmp\/two\\012lines$/);
    return 0;
  });
});

test("after the process's end there is nothing in it", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const pid = lab.fork(c, () => 0);
    await c.nanosleep({ tv_nsec: 1000 });
    expect(await readText(c, `/proc/${pid}/maps`)).toBe("");
    await c.waitpid(pid);
    expect(await c.open(`/proc/${pid}/maps`, O_RDONLY)).toBe(-1);
    return 0;
  });
});
