/** docs/how-a-pixel-travels.md: its drawing is walked here, step by step, on a running machine. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { O_RDWR } from "../../abi/fcntl.ts";
import { MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { ACCESS_STORE } from "../../assembly/riscv.ts";
import { program } from "../../guests/libc.ts";
import { Computer } from "../../src/computer.ts";
import { ptePfn } from "../../src/kernel/mm/page-table.ts";

/** "0x3f_f700_0000", as the page writes addresses. */
const grouped = (value: number, digits: number): string =>
  `0x${value
    .toString(16)
    .padStart(digits, "0")
    .replace(/\B(?=([0-9a-f]{4})+$)/g, "_")}`;

test("VMA, driver, page table, TLB and scanout agree with the drawing", async () => {
  const computer = await Computer.create();
  const { exports } = computer.machine;
  const seen = { va: 0, start: 0, pgoff: -1, pa: 0, host: 0 };
  const { task, exited } = computer.spawn(
    program(async (c) => {
      const fd = await c.open("/dev/fb0", O_RDWR);
      seen.va = c.mmap(0, computer.machine.vramSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      c.user.store32(seen.va, 0x00c0_ffee);
      const vma = [...task.mm.vmas].find((one) => one.file !== null)!;
      seen.start = vma.start;
      seen.pgoff = vma.pgoff;
      seen.pa = ptePfn(task.mm.table.get(seen.va)) * 4096;
      seen.host = exports.translate(seen.va, ACCESS_STORE);
      return 0;
    }),
  );
  expect(await exited).toEqual({ code: 0 });
  expect([seen.start, seen.pgoff]).toEqual([seen.va, 0]);
  const [va, pa, host] = [grouped(seen.va, 10), grouped(seen.pa, 8), grouped(seen.host, 8)];
  const drawing = /```\n(VMA:[\s\S]*?)```/.exec(readFileSync("docs/how-a-pixel-travels.md", "utf8"))![1]!;
  expect(drawing.trimEnd().split("\n")).toEqual([
    `VMA:   VA:${va} -> /dev/fb0:0x0`,
    `fb0:                        /dev/fb0:0x0 -> PA:${pa}`,
    `PTE:   VA:${va} -----------------> PA:${pa}`,
    `TLB:   VA:${va} -----------------------------------> wasm:${host}`,
    `scan:                                                         wasm:${host} -> pixel (0,0)`,
  ]);
  const { picture } = computer.frame();
  expect([...picture.data.subarray(0, 4)]).toEqual([0xc0, 0xff, 0xee, 0xff]);
});
