#!/usr/bin/env node
/** The command line: what can be asked, and the exit code of what came of it. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { BenchOptions } from "./bench.ts";
import { complain, say, writeOut } from "./console.ts";
import { WAY_OUT } from "./host-stdio.ts";
import { addLimitOptions } from "./limit-options.ts";
import { formatList } from "./list.ts";
import { type RunOptions, run } from "./run.ts";
import { runSeeds, type SeedsOptions } from "./seeds.ts";
import { tour } from "./tour.ts";
import { UsageError } from "./usage-error.ts";
import { type WebOptions, web } from "./web.ts";

/** Exit code for a request that cannot be met. */
const EXIT_USAGE = 2;
const EXIT_SIGPIPE = 128 + 13;

const AT_A_TERMINAL = `
stdin, stdout and stderr are the guest's own: a terminal is a terminal there, anything else a pipe.
Ctrl-C, Ctrl-\\ and Ctrl-Z go to the guest; ${WAY_OUT.presses} Ctrl-C within a second end the machine, whatever it does.
SIGINT, SIGTERM and SIGHUP go to the guest the first time, and end the machine the second time.`;

const version = (): string => {
  // dist/src/cli/main.js and src/cli/main.ts are not equally deep below package.json.
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as { version: string }).version;
    } catch {}
  }
  throw new Error("package.json is not where it was installed");
};

/** An option that may be given several times. */
const collect = (value: string, before: readonly string[]): string[] => [...before, value];

const describe = (setExitCode: (code: number) => void): Command => {
  const program = new Command("scanout")
    .description("A RISC-V computer in WebAssembly whose programs mmap the video card.")
    .version(version())
    .enablePositionalOptions()
    .showHelpAfterError("(scanout --help says more)");
  const runCommand = program
    .command("run")
    .description("run one guest: a built-in's name, or the path of a module that exports one")
    .argument("<guest>", "see `scanout list`")
    .argument("[args...]", "the guest's own arguments")
    .passThroughOptions()
    .option("--png <file>", "write the last frame; every frame when the name has a number in it, as in f-%03d.png")
    .option("--gif <file>", "write a film of what the screen showed; every colour exactly where 256 are enough")
    .option("--apng <file>", "the same as an animated PNG: every frame, every colour")
    .option("--terminal", "show the screen live in this terminal; its keys and mouse go to the guest")
    .option("--graphics <how>", "for --terminal: kitty, sixel, blocks, or auto (the terminal is asked)", "auto")
    .option("--frames <n>", "stop after n frames (a vertical blank each, 60 a second)")
    .option("--size <WxH>", "screen size in pixels, 8x8 to 4096x4096", "640x480")
    .option("--format <name>", "pixel format: xrgb8888, xbgr8888, rgb565 or c8", "xrgb8888")
    .option("--root <dir>", "a directory of this host as the guest's /; what the guest writes stays in the machine")
    .option("--mount <HOST:GUEST[:rw]>", "a directory of this host at GUEST, read-only unless :rw", collect, [])
    .option("--env <NAME=VALUE>", "add to the guest's environment", collect, [])
    .option("--cwd <dir>", "working directory, in the guest (default: /root)")
    .option("--console <where>", "the guest's terminal: serial (this one), or fb, painted on the screen", "serial")
    .option("--memory <MiB>", "RAM, 16 to 2048 (default: 64, with --root 256)")
    .option("--video-memory <MiB>", "video memory, 1 to 64", "16")
    .option("--seed <n>", "seed of the machine's random numbers", "1")
    .option("--fuel <n>", "stop after n instructions, with exit code 124");
  addLimitOptions(runCommand)
    .option(
      "--clock <which>",
      "virtual (the same run every time) or wall (the host's); default: wall with --terminal, and for a program file at a terminal that nothing records, limits by --fuel or counts by --frames; else virtual",
    )
    .option("--strace", "print every system call on stderr")
    .option("--maps", "print /proc/<pid>/maps of each process as it ends, on stderr")
    .option("--dmesg", "print the kernel's log at the end, on stderr")
    .option("--stats", "print what travelled where at the end, on stderr")
    .addHelpText("after", AT_A_TERMINAL)
    .action(async (guest: string, args: string[], options: RunOptions) => {
      setExitCode(await run(guest, args, options));
    });
  program
    .command("seeds")
    .description("run both seed drivers, from insmod to rmmod, and print the transcript")
    .option("--fixed", "with the first one's exit repaired: rmmod is silent")
    .action((options: SeedsOptions) => runSeeds(writeOut, options));
  program
    .command("web")
    .description("serve a page on this machine's loopback address that runs guests and shows what happens inside")
    .argument("[guest]", "the guest to begin with")
    .option("--port <n>", "0: a free one", "0")
    .action((guest: string | undefined, options: WebOptions) => web(guest, options));
  program
    .command("list")
    .description("list the built-in guests")
    .action(() => writeOut(formatList()));
  program
    .command("bench")
    .description("measure what drawing directly into mapped video memory is worth, against every way of copying")
    .option("--list", "print the cases and measure nothing")
    .option("--only <text>", "only cases with this in their names; several, with commas between them")
    .option("--quick", "one mode and a few cases, in less than 20 seconds")
    .option("--counts", "only count (instructions, faults, calls, bytes) and time nothing")
    .option("--json <file>", "write all figures (docs/bench.schema.json says what they are)")
    .option("--svg <file>", "write the charts")
    .option("--png <file>", "the same as a picture")
    .option("--report <folder>", "write direct-vs-copied.md and its charts there")
    .option("--peers", "measure v86 too, where npm's v86 and Debian's seabios are installed")
    .action(async (options: BenchOptions) => {
      // It brings a chart library along, which nobody else waits for.
      const { bench } = await import("./bench.ts");
      setExitCode(await bench(options));
    });
  program
    .command("tour")
    .description("see what this machine is about: the seeds, a picture, and what travelled where")
    .action(() => tour(say));
  // Every command ends by an exception rather than by process.exit, so that output is not cut off.
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
};

const main = async (): Promise<number> => {
  let exitCode = 0;
  const program = describe((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return EXIT_USAGE;
  }
};

// Whoever reads our output has gone: end as a program does that SIGPIPE kills, without a word.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT_SIGPIPE);
  });
}

process.exitCode = await main();
