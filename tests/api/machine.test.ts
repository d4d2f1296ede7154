/** What an embedder does with a machine besides letting it run: src/api. Errnos are the manual pages'. */
import { PNG } from "pngjs";
import { afterEach, describe, expect, it } from "vitest";
import { plasma } from "../../guests/plasma.ts";
import { decodePNG } from "../../src/display/png.ts";
import { type CreateMachineOptions, createMachine, ScanoutError, type ScanoutMachine } from "../../src/index.ts";
import { deviceModule } from "../kernel/lab.ts";
import { cat, chatters, endless, exits, FAULT_PC, faults } from "./programs.ts";

const machines: ScanoutMachine[] = [];
const make = async (options: CreateMachineOptions = {}): Promise<ScanoutMachine> => {
  const machine = await createMachine({ memory: "16MiB", videoMemory: "4MiB", ...options });
  machines.push(machine);
  return machine;
};
afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.dispose();
});

const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ScanoutError) return error.code;
    throw error;
  }
  return "no error";
};

describe("createMachine", () => {
  it.each([
    [{ memory: "many" }, /"many" is not a size/],
    [{ memory: "1MiB" }, /RAM: 1048576 bytes/],
    [{ memory: 1234.5 }, /RAM: 1234.5/],
    [{ videoMemory: "1GiB" }, /video memory/],
    [{ display: { width: 4, height: 4 } }, /./],
    [{ display: { width: 640, height: 480, format: "bgr" } }, /format "bgr"/],
    [{ display: { width: 4096, height: 4096 } }, /needs 67108864 bytes/],
  ] as [CreateMachineOptions, RegExp][])("%j is refused with a code", async (options, message) => {
    await expect(make(options)).rejects.toMatchObject({ name: "ScanoutError", code: "ERANGE_OPTION" });
    await expect(make(options)).rejects.toThrow(message);
  });

  it("sizes are numbers or have a unit", async () => {
    const machine = await make({ memory: "0.03125GiB", videoMemory: 2 ** 21 });
    expect(machine.computer.machine.ramSize).toBe(32 * 2 ** 20);
    expect(machine.computer.machine.vramSize).toBe(2 ** 21);
  });
});

describe("the tree of files", () => {
  it("what is written is read", async () => {
    const { fs } = await make();
    fs.mkdir("/srv/data", { recursive: true });
    fs.writeFile("/srv/data/text", "grüße");
    expect(fs.readFile("/srv/data/text", "utf8")).toBe("grüße");
    expect(fs.readFile("/srv/data/text")).toEqual(new TextEncoder().encode("grüße"));
    fs.writeFile("/srv/data/text", "x");
    expect(fs.stat("/srv/data/text")).toMatchObject({ size: 1, isFile: true, nlink: 1, mode: 0o100755 });
    fs.symlink("data/text", "/srv/link");
    expect(fs.readlink("/srv/link")).toBe("data/text");
    expect(fs.lstat("/srv/link").isSymbolicLink).toBe(true);
    expect(fs.stat("/srv/link").size).toBe(1);
    expect(fs.readdir("/srv")).toEqual(["data", "link"]);
    fs.unlink("/srv/link");
    fs.unlink("/srv/data/text");
    fs.rmdir("/srv/data");
    expect(fs.readdir("/srv")).toEqual([]);
  });

  it("failures have Linux's errno", async () => {
    const { fs } = await make();
    fs.mkdir("/d");
    fs.writeFile("/d/f", "");
    fs.symlink("loop", "/loop");
    expect(code(() => fs.readFile("/none"))).toBe("ENOENT");
    expect(code(() => fs.readFile("/d"))).toBe("EISDIR");
    expect(code(() => fs.readFile("/d/f/g"))).toBe("ENOTDIR");
    expect(code(() => fs.readFile("/loop"))).toBe("ELOOP");
    expect(code(() => fs.mkdir("/d"))).toBe("EEXIST");
    expect(code(() => fs.mkdir("/none/d"))).toBe("ENOENT");
    expect(code(() => fs.rmdir("/d"))).toBe("ENOTEMPTY");
    expect(code(() => fs.rmdir("/d/f"))).toBe("ENOTDIR");
    expect(code(() => fs.unlink("/d"))).toBe("EISDIR");
    expect(code(() => fs.readdir("/d/f"))).toBe("ENOTDIR");
    expect(code(() => fs.readlink("/d/f"))).toBe("EINVAL");
    expect(code(() => fs.writeFile("/proc/version", "x"))).toMatch(/^E/);
    expect(code(() => fs.readFile("relative"))).toBe("EINVAL");
    expect(code(() => fs.writeFile(`/${"n".repeat(256)}`, ""))).toBe("ENAMETOOLONG");
    // "ENOSPC: The device containing the file referred to by fd has no room for the data", write(2).
    expect(code(() => fs.writeFile("/big", new Uint8Array(12 * 2 ** 20)))).toBe("ENOSPC");
  });
});

describe("programs", () => {
  it("a file that is none, or no program, is an error with execve's errno", async () => {
    const machine = await make();
    machine.fs.writeFile("/bin/text", "not a program at all");
    expect(code(() => machine.spawn("/bin/none"))).toBe("ENOENT");
    expect(code(() => machine.spawn("/bin/text"))).toBe("ENOEXEC");
    expect(code(() => machine.spawn(new Uint8Array(4)))).toBe("ENOEXEC");
    // What could not start has left nothing behind.
    expect(await machine.run()).toMatchObject({ ended: "exited" });
  });

  it("standard input is what was given, and output can be read in pieces", async () => {
    const machine = await make();
    const text = "The quick brown fox. ".repeat(20_000);
    const program = machine.spawn(cat(), [], { stdin: text });
    const [output] = await Promise.all([program.stdout.text(), machine.run()]);
    expect(output).toBe(text);
    expect(program.status).toEqual({ code: 0 });
  });

  it("output that nobody reads stops the program, and the machine is idle", async () => {
    const machine = await make();
    const program = machine.spawn(chatters());
    expect((await machine.run()).ended).toBe("idle");
    // "the pipe capacity is 16 pages", pipe(7).
    let got = 0;
    for await (const bytes of program.stdout) {
      got += bytes.length;
      break;
    }
    expect(got).toBe(65_536);
    // Who stops reading has closed the pipe: SIGPIPE.
    expect((await machine.run()).ended).toBe("exited");
    expect(await program.exited).toMatchObject({ signal: 13 });
  });

  it("output can be had as it comes", async () => {
    const machine = await make();
    const pieces: string[] = [];
    const program = machine.spawn(cat(), [], { stdout: (bytes) => pieces.push(new TextDecoder().decode(bytes)) });
    program.stdin.write("one");
    await machine.run();
    program.stdin.write("two");
    await machine.run();
    expect(pieces).toEqual(["one", "two"]);
    program.stdin.end();
    expect((await machine.run()).ended).toBe("exited");
  });

  it("a TypeScript program has the same", async () => {
    const machine = await make();
    const env: unknown[] = [];
    const program = machine.spawn(
      (user) => {
        env.push(user.argv.slice(1), user.env);
        return 3;
      },
      ["--fast"],
      { env: { A: "1" } },
    );
    await machine.run();
    expect(await program.exited).toEqual({ code: 3 });
    expect(env).toEqual([["--fast"], { A: "1" }]);
    await expect(program.succeeded()).rejects.toMatchObject({ code: "EXIT_STATUS" });
  });

  it("a fault is told with its instruction and its address", async () => {
    const machine = await make();
    const program = machine.spawn(faults());
    await machine.run();
    expect(await program.exited).toEqual({ signal: 11, address: 8 });
    await expect(program.succeeded()).rejects.toMatchObject({ code: "SIGNAL", pc: FAULT_PC, address: 8 });
  });

  it("kill", async () => {
    const machine = await make();
    const [stays, goes] = [machine.spawn(endless()), machine.spawn(cat())];
    await machine.run({ instructions: 1000 });
    goes.kill(15);
    stays.kill(9);
    expect((await machine.run()).ended).toBe("exited");
    expect(await goes.exited).toMatchObject({ signal: 15 });
    expect(await stays.exited).toMatchObject({ signal: 9 });
    goes.kill(15);
  });
});

describe("the display", () => {
  it("a PNG of the screen has the screen's pixels", async () => {
    const machine = await make({ display: { width: 64, height: 48 } });
    machine.spawn(plasma.main);
    await machine.run();
    const bytes = await machine.display.toPNG();
    // pngjs checks every CRC.
    expect(PNG.sync.read(Buffer.from(bytes), { checkCRC: true })).toMatchObject({ width: 64, height: 48 });
    const { data } = decodePNG(bytes);
    expect(Buffer.from(data).equals(Buffer.from(machine.display.pixels))).toBe(true);
    expect(new Set(new Uint32Array(data.buffer, data.byteOffset, data.length / 4)).size).toBeGreaterThan(100);
  });

  it("damage: the rows that changed since the last look", async () => {
    const machine = await make({ display: { width: 64, height: 64, format: "xrgb8888" } });
    expect(machine.display.takeDamage()).toEqual({ top: 0, bottom: 64 });
    expect(machine.display.takeDamage()).toBeNull();
    // 64 pixels of 4 bytes: 16 rows a page; the third page is rows 32 to 47.
    machine.computer.machine.exports.markDamage(2 * 4096, 1);
    expect(machine.display.takeDamage()).toEqual({ top: 32, bottom: 48 });
  });

  it("frames(): one for each blank at which something is new", async () => {
    const machine = await make({ display: { width: 64, height: 48 } });
    machine.spawn(plasma.main, ["--frames", "4"]);
    const frames: [number, number][] = [];
    const watch = (async () => {
      for await (const { number, picture } of machine.display.frames()) {
        frames.push([number, picture.data.reduce((sum, byte) => sum + byte, 0)]);
      }
    })();
    // 4 frames drawn in 4 blanks, and 6 at which nothing happens.
    await machine.run();
    await machine.run({ frames: 6 });
    await machine.dispose();
    await watch;
    expect(frames.map(([number]) => number)).toEqual([1, 2, 3, 4]);
    expect(new Set(frames.map(([, sum]) => sum)).size).toBe(4);
  });
});

describe("the kernel", () => {
  it("the embedder is the driver", async () => {
    const machine = await make();
    const opened: string[] = [];
    machine.kernel.insmod(
      deviceModule("mine", () => ({
        open(_inode, file) {
          opened.push(file.path);
          return 0;
        },
      })),
    );
    expect(machine.fs.readdir("/dev")).toContain("mine");
    expect(code(() => machine.kernel.insmod(deviceModule("mine", () => ({}))))).toBe("EEXIST");
    machine.kernel.rmmod("mine");
    expect(machine.fs.readdir("/dev")).not.toContain("mine");
    expect(code(() => machine.kernel.rmmod("mine"))).toBe("ENOENT");
    expect(machine.kernel.dmesg()).toContain("fb0");
  });
});

describe("dispose", () => {
  it("ends programs, runs and iterations, and what is asked afterwards throws", async () => {
    const machine = await make();
    const program = machine.spawn(endless());
    const output = program.stdout.text();
    const frames = (async () => {
      for await (const _ of machine.display.frames());
    })();
    const run = machine.run();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await machine[Symbol.asyncDispose]();
    expect(await program.exited).toMatchObject({ signal: 9 });
    expect((await run).ended).toMatch(/stopped|exited/);
    expect(await output).toBe("");
    await frames;
    expect(code(() => machine.spawn(endless()))).toBe("EDISPOSED");
    expect(code(() => machine.fs.readdir("/"))).toBe("EDISPOSED");
    expect(code(() => machine.display.pixels)).toBe("EDISPOSED");
    expect(code(() => machine.kernel.rmmod("fb"))).toBe("EDISPOSED");
    await expect(machine.run()).rejects.toMatchObject({ code: "EDISPOSED" });
    await machine.dispose();
  });

  it("`await using` does it", async () => {
    let left: ScanoutMachine;
    {
      await using machine = await createMachine({ memory: "16MiB", clock: "wall" });
      const program = machine.spawn(exits(0));
      machine.start();
      expect(await program.exited).toEqual({ code: 0 });
      left = machine;
    }
    expect(left.isRunning).toBe(false);
    expect(code(() => left.start())).toBe("EDISPOSED");
  });
});
