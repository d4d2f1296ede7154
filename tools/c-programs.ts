/**
 * The C programs of guests/c, bench/cpu and tests/programs, and how they are compiled to the ELFs that are committed
 * beside them: the same compiler makes the same bytes anywhere, as neither paths nor dates nor build ids go into them.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const COMPILER = "riscv64-linux-gnu-gcc";
/** Debian 12's. Another version makes other bytes. */
export const COMPILER_VERSION = "12.2.0";
/** The Debian package that has it. */
export const COMPILER_PACKAGE = "gcc-riscv64-linux-gnu";

export interface CProgram {
  /** The ELF, from the project's root. */
  readonly elf: string;
  /** Its own files; the library is added. */
  readonly sources: readonly string[];
  /** Rounds products and sums one by one, as JavaScript does, instead of fusing them. */
  readonly exact: boolean;
  /** Functions whose callers reach __wrap_NAME in their place (ld --wrap): for tests. */
  readonly wrap?: readonly string[];
}

const LIBC = "guests/c/libc";
const DRAW = "guests/c/draw";
const sourcesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /\.[cS]$/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
/** What draws, without the main of a drawing program. */
const drawingParts = (): string[] =>
  ["allocate", "colour", "pixel-encoder", "sine", "surface"].map((name) => `${DRAW}/${name}.c`);

const guest = (name: string, sources: readonly string[] = [`guests/c/${name}.c`]): CProgram => ({
  elf: `guests/c/bin/${name}.elf`,
  sources,
  exact: true,
});
/** The files that define a `drawing`, by its name. */
const DRAWINGS: Readonly<Record<string, readonly string[]>> = {
  plasma: ["guests/c/plasma.c"],
  bounce: ["backdrop", "balls", "bounce", "ramps"].map((name) => `guests/c/bounce/${name}.c`),
  fill: ["guests/c/fill.c"],
  scroll: ["guests/c/scroll.c"],
};
/** All files of a drawing program. */
export const drawingSources = (name: string): string[] => [...DRAWINGS[name]!, ...sourcesIn(DRAW)];

const benchmark = (name: string): CProgram => {
  const sources = [`bench/cpu/${name}.c`];
  if (name === "plasma") sources.push("guests/c/plasma.c", ...drawingParts());
  return { elf: `bench/cpu/bin/${name}.elf`, sources, exact: name === "plasma" };
};

/** The benchmark of direct against copied, without its main: the host compiles these too. */
export const directVsCopiedSources = (): string[] =>
  ["canvas", "scenes", "plasma", "scroll", "text", "sprites", "window", "methods"].map(
    (name) => `guests/c/bench/${name}.c`,
  );

/** Programs that tests run on the hart, with no C library but ours. */
const testProgram = (name: string): CProgram => ({
  elf: `tests/programs/bin/${name}.elf`,
  sources: [`tests/programs/c/${name}.c`],
  exact: false,
});

/** All that are committed. */
export const cPrograms = (): CProgram[] => [
  ...["mmap-test", "mmap-example", "fbinfo"].map((name) => guest(name)),
  guest("touch-paint", ["guests/c/touch-paint.c", `${DRAW}/framebuffer.c`]),
  guest("blit", ["guests/c/blit.c", `${DRAW}/engine.c`, `${DRAW}/framebuffer.c`]),
  ...Object.keys(DRAWINGS).map((name) => guest(name, drawingSources(name))),
  guest("direct-vs-copied", [
    "guests/c/bench/main.c",
    ...directVsCopiedSources(),
    `${DRAW}/engine.c`,
    `${DRAW}/framebuffer.c`,
  ]),
  ...sourcesIn("bench/cpu").map((source) => benchmark(source.slice("bench/cpu/".length, -".c".length))),
  ...["fbprobe", "fuzz-calls", "hostile", "nap", "seedtest", "vmprobe"].map((name) => testProgram(name)),
];

const FLAGS = (
  "-std=gnu17 -O2 -Wall -Wextra -Werror -march=rv64gc -mabi=lp64d -mcmodel=medlow -ffreestanding -nostdinc -fno-pie " +
  "-fno-stack-protector -fno-asynchronous-unwind-tables -fno-ident -fwrapv -fno-math-errno " +
  "-fno-tree-loop-distribute-patterns -ffunction-sections -fdata-sections -isystem guests/c/include"
).split(" ");
const LINK_FLAGS =
  "-march=rv64gc -mabi=lp64d -static -no-pie -nostdlib -s -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,noexecstack".split(
    " ",
  );

/** The version of the compiler, or null when there is none. */
export const compilerVersion = (): string | null => {
  try {
    return execFileSync(COMPILER, ["-dumpfullversion"], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return null;
  }
};

/** Compiles from the project's root into the same paths below `into`. @throws Error with the compiler's report. */
export async function compileC(programs: readonly CProgram[], into: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "scanout-c-"));
  try {
    // The compiler's own stdint.h, stddef.h, stdarg.h and stdbool.h.
    const builtin = execFileSync(COMPILER, ["-print-file-name=include"], { encoding: "utf8" }).trim();
    const objects = new Map<string, string[]>();
    const object = (source: string, exact: boolean): string => {
      const file = join(folder, `${objects.size}.o`);
      const flags = [...FLAGS, `-ffp-contract=${exact ? "off" : "fast"}`, "-isystem", builtin];
      const key = `${exact} ${source}`;
      const known = objects.get(key);
      if (known !== undefined) return known.at(-1)!;
      objects.set(key, [...flags, "-c", source, "-o", file]);
      return file;
    };
    const links = programs.map(({ elf, sources, exact, wrap = [] }) => {
      const file = join(into, elf);
      mkdirSync(dirname(file), { recursive: true });
      const parts = [...sourcesIn(LIBC), ...sources].map((source) => object(source, exact));
      return [...LINK_FLAGS, ...wrap.map((name) => `-Wl,--wrap=${name}`), ...parts, "-o", file];
    });
    await runAll([...objects.values()]);
    await runAll(links);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the compiler once for each list of arguments, as many at a time as there are processors. */
const runAll = async (commands: readonly (readonly string[])[]): Promise<void> => {
  const rest = [...commands];
  const worker = async (): Promise<void> => {
    for (let args = rest.shift(); args !== undefined; args = rest.shift()) await run(args);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
};

const run = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    let report = "";
    const child = spawn(COMPILER, args, { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      report += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${COMPILER} ${args.join(" ")}\n${report}`));
    });
  });
