/** Truth: malloc(3), brk(2), strlen(3), and glibc's own answers where the pages leave them open. */
import { describe, expect, test } from "vitest";
import { ENOENT, ENOMEM } from "../../abi/errno.ts";
import * as nr from "../../abi/syscalls.ts";
import { libc } from "../../guests/libc.ts";
import { FakeUser } from "./fake-user.ts";

describe("malloc", () => {
  test("blocks are 16-aligned, apart from each other, and come back after free", () => {
    const c = libc(new FakeUser());
    const blocks = [1, 16, 17, 100, 4000, 0].map((size) => ({ va: c.malloc(size), size }));
    for (const { va } of blocks) expect(va % 16).toBe(0);
    const sorted = [...blocks].sort((a, b) => a.va - b.va);
    for (const [i, one] of sorted.slice(1).entries())
      expect(sorted[i]!.va + sorted[i]!.size).toBeLessThanOrEqual(one.va);
    c.free(blocks[3]!.va);
    expect(c.malloc(100)).toBe(blocks[3]!.va);
  });

  test("the region starts at the break and grows with it; a program that moves the break loses nothing", () => {
    const user = new FakeUser();
    const c = libc(user);
    const first = c.malloc(16);
    expect(first).toBe(0x2_1240);
    const own = c.sbrk(4096);
    expect(own).toBeGreaterThanOrEqual(first + 16);
    const blocks = Array.from({ length: 40 }, () => c.malloc(64 * 1024));
    for (const va of blocks) expect(va + 64 * 1024 <= own || va >= own + 4096).toBe(true);
    expect(new Set(blocks).size).toBe(40);
  });

  test("a large block is a mapping, which free returns", () => {
    const user = new FakeUser();
    const c = libc(user);
    const va = c.malloc(1 << 20);
    expect(user.made(nr.SYS_mmap)).toEqual([[0, 1 << 20, 3, 0x22, -1, 0]]);
    c.free(va);
    expect(user.made(nr.SYS_munmap)).toEqual([[va, 1 << 20]]);
  });

  test('malloc(3): "returns NULL … errno is set to ENOMEM"', () => {
    const user = new FakeUser({ [nr.SYS_mmap]: () => -ENOMEM });
    user.breakLimit = 0;
    const c = libc(user);
    expect([c.malloc(16), c.errno]).toEqual([0, ENOMEM]);
    expect([c.malloc(1 << 20), c.errno]).toEqual([0, ENOMEM]);
    expect([c.sbrk(16), c.brk(0x9_0000)]).toEqual([-1, -1]);
    expect(c.stat("/")).toBe(-1);
  });

  test("an address that is no block is refused as glibc does; NULL is not", () => {
    const c = libc(new FakeUser());
    const va = c.malloc(8);
    c.free(va);
    expect(() => c.free(va)).toThrow("free(): invalid pointer");
    c.free(0);
  });

  test("memory for a path is free again, also when the call slept", async () => {
    const paths: number[] = [];
    const user = new FakeUser({
      [nr.SYS_openat]: (_, _dir, path) => {
        paths.push(path!);
        return Promise.resolve(-ENOENT);
      },
    });
    const c = libc(user);
    const both = [c.open("one", 0), c.open("two", 0)];
    expect(paths[0]).not.toBe(paths[1]);
    expect(await Promise.all(both)).toEqual([-1, -1]);
    await c.open("six", 0);
    expect(paths.slice(0, 2)).toContain(paths[2]);
  });
});

describe("strings", () => {
  test("strlen, strcpy and loadCString, across a page border", () => {
    const user = new FakeUser();
    const c = libc(user);
    const va = 0x5000 - 3;
    expect(c.strcpy(va, "größer")).toBe(va);
    // UTF-8: ö and ß are two bytes each.
    expect(c.strlen(va)).toBe(8);
    expect(c.loadCString(va)).toBe("größer");
    expect(c.loadCString(va, 2)).toBe("gr");
    expect(c.memcpy(0x9000, va, 9)).toBe(0x9000);
    expect(c.loadCString(0x9000)).toBe("größer");
    expect(c.memset(0x9000, 0x41, 3)).toBe(0x9000);
    expect(c.loadCString(0x9000, 3)).toBe("AAA");
  });

  test("the page after the string is not touched: it may not be mapped", () => {
    class Guarded extends FakeUser {
      override read(va: number, length: number): Uint8Array {
        if (va + length > 0x6000) throw new Error("SIGSEGV");
        return super.read(va, length);
      }
    }
    const c = libc(new Guarded());
    c.strcpy(0x6000 - 5, "last");
    expect(c.loadCString(0x6000 - 5)).toBe("last");
  });
});
