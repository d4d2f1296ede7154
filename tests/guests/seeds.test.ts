/** Truth: the user programs in the seeds' text, and what they printed on Linux 6.12 riscv64. */
import { describe, expect, test } from "vitest";
import { EIO, ENODEV, ENOENT } from "../../abi/errno.ts";
import { SYS_close, SYS_mmap, SYS_munmap, SYS_openat, SYS_write } from "../../abi/syscalls.ts";
import { guests } from "../../guests/index.ts";
import { FakeUser } from "./fake-user.ts";

const VA = 0x3f_c000_0000;

/** A kernel whose driver shows `message` at VA. */
const driver = (message: string, failing: Readonly<Record<number, number>> = {}) => {
  const output: [string, string] = ["", ""];
  const user = new FakeUser({
    [SYS_openat]: () => failing[SYS_openat] ?? 3,
    [SYS_mmap]: () => failing[SYS_mmap] ?? VA,
    [SYS_munmap]: () => failing[SYS_munmap] ?? 0,
    [SYS_close]: () => 0,
    [SYS_write]: (program, fd, va, count) => {
      output[fd === 2 ? 1 : 0] += new TextDecoder().decode(program.read(va!, count!));
      return count!;
    },
  });
  user.write(VA, new TextEncoder().encode(`${message}\0`));
  return { user, output };
};

describe("mmap-test", () => {
  const main = guests["mmap-test"]!.main;

  test("prints what the driver stored, and stores what the next one prints", async () => {
    const { user, output } = driver(" ------This is from kernel space");
    expect(await main(user)).toBe(0);
    expect(output).toEqual([
      "The contents of the virtual address space in user space is  ------This is from kernel space\n",
      "",
    ]);
    expect(user.text(VA)).toBe("This is from user space");
  });

  test("makes the seed's calls", async () => {
    const { user } = driver("");
    await main(user);
    // O_RDWR|O_SYNC; PROT_READ|PROT_WRITE, MAP_SHARED.
    expect(user.made(SYS_openat)).toMatchObject([[-100, expect.any(Number), 0o4010002, 0]]);
    expect(user.made(SYS_mmap)).toEqual([[0, 16 * 4096, 3, 1, 3, 0]]);
    expect(user.made(SYS_munmap)).toEqual([[VA, 16 * 4096]]);
    expect(user.made(SYS_close)).toEqual([[3]]);
  });

  // perror(…), exit(-1).
  test.each([
    [{ [SYS_openat]: -ENOENT }, 255, "open: No such file or directory\n"],
    [{ [SYS_mmap]: -EIO }, 255, "mmap: Input/output error\n"],
  ])("%o", async (failing, status, error) => {
    const { user, output } = driver("", failing);
    expect(await main(user)).toBe(status);
    expect(output).toEqual(["", error]);
  });

  test("goes on when munmap fails", async () => {
    const { user, output } = driver("", { [SYS_munmap]: -EIO });
    expect(await main(user)).toBe(0);
    expect(output[1]).toBe("munmap failed\n: Input/output error\n");
  });
});

describe("mmap-example", () => {
  const main = guests["mmap-example"]!.main;

  test("prints the message before and after its change", async () => {
    const { user, output } = driver("hello from kernel this is file: mmap_example");
    expect(await main(user)).toBe(0);
    expect(output).toEqual([
      "initial message: hello from kernel this is file: mmap_example\n" +
        "changed message: hello from *user* this is file: mmap_example\n",
      "",
    ]);
    expect(user.made(SYS_mmap)).toEqual([[0, 4096, 3, 1, 3, 0]]);
    expect(user.made(SYS_munmap)).toEqual([]);
  });

  // With plain debugfs_create_file: "mmap: No such device", rc=255.
  test.each([
    [{ [SYS_openat]: -ENOENT }, "open: No such file or directory\n"],
    [{ [SYS_mmap]: -ENODEV }, "mmap: No such device\n"],
  ])("%o", async (failing, error) => {
    const { user, output } = driver("", failing);
    expect(await main(user)).toBe(255);
    expect(output).toEqual(["", error]);
  });
});

test("every built-in has its name and a line about itself", () => {
  expect(Object.keys(guests)).toEqual([
    "plasma",
    "mandelbrot",
    "bounce",
    "blit",
    "touch-paint",
    "mmap-test",
    "mmap-example",
  ]);
  for (const [name, guest] of Object.entries(guests)) {
    expect(guest.name).toBe(name);
    expect(guest.summary).toMatch(/^[^\n]+$/);
  }
});
