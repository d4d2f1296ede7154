/** `scanout run [options] <guest> [args…]`: one guest, from its start to its end. */
import { SIGBUS, SIGFPE, SIGHUP, SIGILL, SIGINT, SIGSEGV, signalName, strsignal } from "../../abi/signal.ts";
import { ScanoutMachine } from "../api/machine.ts";
import { Computer } from "../computer.ts";
import { ApngAnimation } from "../display/apng.ts";
import { GifAnimation } from "../display/gif.ts";
import { parseFormat, parseSize } from "../display/mode.ts";
import { mapsOf } from "../kernel/fs/proc-files.ts";
import type { Process } from "../kernel/spawn.ts";
import { Strace } from "../kernel/strace.ts";
import type { ExitStatus, Task } from "../kernel/task.ts";
import { complain } from "./console.ts";
import { FilmWriter } from "./film-writer.ts";
import { FrameWriter } from "./frame-writer.ts";
import { environmentOf, type GuestFileOptions, mountAll, openRoot } from "./guest-files.ts";
import { passSignals } from "./host-signals.ts";
import { HostStdio } from "./host-stdio.ts";
import { type LimitOptions, limitsOf } from "./limit-options.ts";
import { LiveTerminal, parseGraphics } from "./live-terminal.ts";
import { loadGuest } from "./load-guest.ts";
import { OutputFile } from "./output-file.ts";
import { Progress } from "./progress.ts";
import { formatStats } from "./stats.ts";
import { UsageError } from "./usage-error.ts";
import { wholeNumber } from "./whole-number.ts";

/** As commander hands them over: strings as typed. */
export interface RunOptions extends GuestFileOptions, LimitOptions {
  readonly png?: string;
  readonly gif?: string;
  readonly apng?: string;
  readonly terminal?: boolean;
  readonly graphics?: string;
  readonly frames?: string;
  readonly size?: string;
  readonly format?: string;
  readonly memory?: string;
  readonly videoMemory?: string;
  readonly seed?: string;
  readonly fuel?: string;
  readonly clock?: string;
  readonly console?: string;
  readonly strace?: boolean;
  readonly maps?: boolean;
  readonly dmesg?: boolean;
  readonly stats?: boolean;
}

const MIB = 0x10_0000;
/** RAM for the programs of a root directory: a compiler or an interpreter with its libraries needs more than a picture. */
const MIB_WITH_ROOT = 256;

/** A host mistake that the machine reports as a RangeError is the user's mistake here. */
const asUsage = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
};

const consoleOf = (name = "serial"): "serial" | "framebuffer" => {
  if (name === "serial") return "serial";
  if (name === "fb") return "framebuffer";
  throw new UsageError(`--console ${name}: expected serial or fb`);
};

const createComputer = async (options: RunOptions, host: HostStdio): Promise<Computer> => {
  const size = asUsage(() => parseSize(options.size ?? "640x480"));
  const format = asUsage(() => parseFormat(options.format ?? "xrgb8888"));
  const limits = limitsOf(options);
  const root = openRoot(options);
  const memory = wholeNumber("--memory", options.memory, 1) ?? (root === undefined ? undefined : MIB_WITH_ROOT);
  const videoMemory = wholeNumber("--video-memory", options.videoMemory, 1);
  try {
    return await Computer.create({
      display: { ...size, format },
      ...(memory === undefined ? {} : { ram: memory * MIB }),
      ...(videoMemory === undefined ? {} : { videoMemory: videoMemory * MIB }),
      seed: wholeNumber("--seed", options.seed, 0) ?? 1,
      limits,
      ...(root === undefined ? {} : { root }),
      console: consoleOf(options.console),
      ...host.standardFiles,
    });
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
};

/** Signals that an access or an instruction earns: those that have an address. */
const FAULTS = new Set([SIGSEGV, SIGBUS, SIGILL, SIGFPE]);

/** The exit code for the shell: the guest's own, or 128 + the signal that killed it. */
const report = (name: string, status: ExitStatus, host: HostStdio): number => {
  if ("code" in status) return status.code;
  // "^C" has been echoed, and who typed it knows: a new line is all a shell says.
  if (status.signal === SIGINT && host.isInteractive) {
    process.stderr.write("\n");
    return 128 + SIGINT;
  }
  const hasAddress = FAULTS.has(status.signal);
  const address = hasAddress ? ` at address 0x${BigInt.asUintN(64, BigInt(status.address)).toString(16)}` : "";
  complain(`${name}: killed by ${signalName(status.signal)} (${strsignal(status.signal)})${address}`);
  return 128 + status.signal;
};

interface Connection {
  /** The signal by which the host ended the machine, null when it did not. */
  close(): number | null;
}

/** From now on stdin and signals go to the machine's programs; a second signal, or the way out, ends it. */
const connect = (host: HostStdio, computer: Computer, task: Task): Connection => {
  let endedBy: number | null = null;
  const end = (signo: number): void => {
    endedBy = signo;
    computer.powerOff();
  };
  const ignore = passSignals((signo) => {
    if (signo === SIGHUP) host.hangUp();
    computer.kernel.killPgrp(host.foreground || task.pgid, signo);
  }, end);
  host.onWayOut = () => end(SIGINT);
  host.open();
  return {
    close() {
      ignore();
      host.close();
      return endedBy;
    },
  };
};

/** The films that were asked for. @throws UsageError when one cannot be written. */
const openFilms = ({ gif, apng }: RunOptions): readonly FilmWriter[] => [
  ...(gif === undefined ? [] : [new FilmWriter(new OutputFile(gif), new GifAnimation())]),
  ...(apng === undefined ? [] : [new FilmWriter(new OutputFile(apng), new ApngAnimation())]),
];

/** Exit code of a run that used up its fuel: as timeout(1). */
const EXIT_OUT_OF_FUEL = 124;

/**
 * --clock, or what suits: what is watched live, and a program at a terminal whose user waits for it, goes at the speed of
 * life. What is recorded or counted is the same every time, and so is what demonstrates.
 */
const clockOf = (options: RunOptions, isProgramFile: boolean, host: HostStdio): "virtual" | "wall" => {
  const { clock, terminal, png, gif, apng, frames, fuel } = options;
  if (clock === "virtual" || clock === "wall") return clock;
  if (clock !== undefined) throw new UsageError(`--clock ${clock}: expected virtual or wall`);
  if (terminal === true) return "wall";
  const isRecorded = [png, gif, apng, frames, fuel].some((one) => one !== undefined);
  return isProgramFile && host.isConversation && !isRecorded ? "wall" : "virtual";
};

/** Lets the machine run until the program has ended, and what it left running with it. False: the fuel ended before. */
const runToEnd = async (machine: ScanoutMachine, program: Process, fuel?: number): Promise<boolean> => {
  void program.exited.then(() => machine.stop());
  const { ended } = await machine.run({ wait: true, ...(fuel === undefined ? {} : { instructions: fuel }) });
  return program.task.status !== null || ended !== "instructions";
};

export const run = async (name: string, args: readonly string[], options: RunOptions): Promise<number> => {
  const frames = wholeNumber("--frames", options.frames, 1);
  const fuel = wholeNumber("--fuel", options.fuel, 1);
  const graphics = options.terminal === true ? parseGraphics(options.graphics ?? "auto") : undefined;
  const { start, isProgramFile } = await loadGuest(name, options.root !== undefined);
  const host = new HostStdio();
  const clock = clockOf(options, isProgramFile, host);
  const computer = await createComputer(options, host);
  const machine = new ScanoutMachine(computer, { clock });
  const { kernel } = computer;
  const writer = options.png === undefined ? null : new FrameWriter(machine, options.png);
  const films = openFilms(options);
  for (const film of films) machine.display.watch((frame) => film.show(frame));
  const trace = (text: string): void => host.say(text);
  if (options.strace === true) {
    kernel.tracer = new Strace({ write: (line) => trace(`${line}\n`) });
  }
  let maps = "";
  if (options.maps === true) {
    kernel.onExit = (task: Task) => {
      maps += mapsOf(task);
    };
  }
  mountAll(kernel, options);
  const env = { ...(frames === undefined ? {} : { FRAMES: String(frames) }), ...environmentOf(options) };
  const { cwd } = options;
  if (cwd !== undefined && !kernel.vfs.isDirectory(cwd)) throw new UsageError(`--cwd ${cwd}: no such directory`);
  const program = start(computer, { argv: [name, ...args], env, ...(cwd === undefined ? {} : { cwd }) });
  const { exited, task } = program;
  const connection = connect(host, computer, task);
  let stopped = false;
  if (frames !== undefined || writer?.everyFrame === true) {
    computer.onVblank = () => {
      writer?.frame();
      // The guest may have its own idea of how long it draws; the machine stops after the frames that were asked for.
      stopped = frames !== undefined && computer.card.state.vblankCount >= frames;
      if (stopped) computer.powerOff();
    };
  }
  const progress = films.length > 0 && graphics === undefined ? new Progress(process.stderr) : null;
  if (progress !== null) machine.display.watch(({ number }) => progress.show(number, frames ?? number, "frames"));
  let live: LiveTerminal | null = null;
  let endedBy: number | null = null;
  let fuelled = true;
  try {
    if (graphics !== undefined) live = await LiveTerminal.open(machine, host, graphics);
    fuelled = await runToEnd(machine, program, fuel);
  } finally {
    live?.end();
    progress?.end();
    endedBy = connection.close();
  }
  if (!fuelled) computer.powerOff();
  const status = await exited;
  writer?.end();
  for (const film of films) film.end(kernel.clock.now);
  trace(maps);
  if (options.dmesg === true) trace(kernel.log.dmesg());
  if (options.stats === true) trace(formatStats(computer, task));
  if (!fuelled) {
    complain(`${name}: out of fuel after ${kernel.hart.instret} instructions`);
    return EXIT_OUT_OF_FUEL;
  }
  if (endedBy !== null) return 128 + endedBy;
  return stopped ? 0 : report(name, status, host);
};
