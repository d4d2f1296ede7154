/** A machine to embed: createMachine() makes one; several run side by side, in Node, in a worker and in a page. */
import { ELFMAG } from "../../abi/elf.ts";
import { ENOEXEC } from "../../abi/errno.ts";
import type { Program } from "../../abi/program.ts";
import { COUNTER_PAGE_WALKS, COUNTER_TLB_MISSES } from "../../assembly/hart-layout.ts";
import type { Module } from "../../devices/drivers/driver.ts";
import { HostInput } from "../../devices/drivers/host-input.ts";
import { TtyPort } from "../../devices/drivers/tty-port.ts";
import { Computer } from "../computer.ts";
import type { MachineSource } from "../control/source.ts";
import { parseFormat } from "../display/mode.ts";
import type { InputDevices } from "../input/input-devices.ts";
import type { OpenFile } from "../kernel/fs/file.ts";
import { type HostEnd, makeHostPipe } from "../kernel/fs/pipe.ts";
import { HartImage } from "../kernel/hart/hart-image.ts";
import type { KernelOptions } from "../kernel/kernel.ts";
import type { Process } from "../kernel/spawn.ts";
import type { Task } from "../kernel/task.ts";
import { Console } from "./console.ts";
import { errnoError, ScanoutError } from "./error.ts";
import { FileTree } from "./file-tree.ts";
import { Inspector } from "./inspect.ts";
import { GuestProgram, type ProgramPipes } from "./program.ts";
import { type Budget, Runner, type RunResult } from "./runner.ts";
import { Screen } from "./screen.ts";
import { parseBytes, type Size } from "./size.ts";
import { InputStream, OutputStream } from "./streams.ts";

export interface CreateMachineOptions extends Omit<KernelOptions, "seed"> {
  /** RAM: 16 MiB to 2 GiB. Default 64 MiB. */
  memory?: Size;
  /** 1 to 64 MiB. Default 16 MiB. */
  videoMemory?: Size;
  /** The mode after power-on: 8 to 4096 pixels each way; xrgb8888, xbgr8888, rgb565 or c8. Default 640 × 480, xrgb8888. */
  display?: { width: number; height: number; format?: string };
  /** Seed of the machine's random numbers. Default 1. */
  seed?: number;
  /**
   * "virtual" (default): time follows what the machine does, so the same calls give the same run, byte for byte.
   * "wall": time is the host's while the machine runs; sleeps take as long as they say.
   */
  clock?: "virtual" | "wall";
  /** Gets what the console shows: the machine's serial terminal, at which `machine.console` types. */
  onConsole?: (bytes: Uint8Array) => void;
  /** The loop of start() ended by a mistake of the host's or ours. Default: console.error. */
  onFailure?: (error: unknown) => void;
  /** The machine's WebAssembly; default is the one of this package. */
  wasm?: MachineSource;
}

export interface SpawnProgramOptions {
  /** What a program that is no path is called: its argv[0], and its file in /bin. Default: "program" and a number. */
  name?: string;
  /** Default: none. */
  env?: Readonly<Record<string, string>>;
  /** Default "/root". */
  cwd?: string;
  /** What it reads: bytes or text, and then the end; default is a pipe that stays open for `program.stdin`. */
  stdin?: string | Uint8Array;
  /** Gets what it writes, as it comes. Default: a pipe, read by `program.stdout`. */
  stdout?: (bytes: Uint8Array) => void;
  stderr?: (bytes: Uint8Array) => void;
  /** Its three files are the machine's console instead, a terminal: see `machine.console`. */
  console?: boolean;
}

/** What the machine has done since power-on. */
export interface MachineStats {
  /** Retired on the hart. */
  readonly instructions: number;
  readonly systemCalls: number;
  readonly pageFaults: number;
  /** By system calls, between programs and the kernel or a device. */
  readonly bytesCopied: number;
  readonly tlbMisses: number;
  readonly pageWalks: number;
  /** Vertical blanks. */
  readonly frames: number;
  /** The machine's time, in nanoseconds. */
  readonly time: number;
}

/** The kernel, for an embedder who is the driver: devices/drivers/driver.ts is the contract. */
export interface MachineKernel {
  /** Loads a driver. @throws ScanoutError with the errno that its init gave. */
  insmod(module: Module, parameters?: Readonly<Record<string, number>>): void;
  /** @throws ScanoutError: ENOENT, EWOULDBLOCK while it is in use, EBUSY when it has no exit. */
  rmmod(name: string): void;
  /** The kernel's log, as dmesg(1) prints it. */
  dmesg(): string;
}

/** The two ends of a program's standard file. */
type Pipe = readonly [file: OpenFile, end: HostEnd];

export class ScanoutMachine implements AsyncDisposable {
  readonly fs: FileTree;
  readonly display: Screen;
  readonly kernel: MachineKernel;
  /** The keyboard, the pointer and the mouse. */
  readonly input: InputDevices;
  readonly inspect: Inspector;
  readonly console: Console;
  /** What the parts are made of: for the command line and the page, and not covered by any promise. */
  readonly computer: Computer;
  readonly #runner: Runner;
  readonly #streams = new Set<InputStream | OutputStream>();
  #frames = 0;
  #shown = false;
  #disposed = false;
  /** Programs that came as bytes. */
  #programs = 0;
  readonly #onFailure: (error: unknown) => void;
  /** Of processes that have ended. */
  readonly #spent = { systemCalls: 0, pageFaults: 0, bytesCopied: 0 };

  /** The machine that `computer` is. createMachine() makes both. */
  constructor(computer: Computer, options: Pick<CreateMachineOptions, "clock" | "onFailure"> = {}) {
    this.computer = computer;
    const alive = (): void => this.#alive();
    this.fs = new FileTree(computer.kernel.vfs, alive);
    this.display = new Screen(computer, alive);
    this.kernel = this.#kernelFacade();
    this.input = computer.input;
    this.inspect = new Inspector(computer);
    this.console = new Console(computer.serial, alive);
    this.#onFailure = options.onFailure ?? ((error) => console.error(error));
    const { kernel } = computer;
    if (options.clock === "wall") kernel.clock.follow(() => performance.now() * 1e6);
    kernel.startsWithTurn = true;
    kernel.onExit = (task) => this.#exiting(task);
    computer.onFrame = () => {
      this.#frames++;
      this.#shown = this.display.show() || this.#shown;
    };
    this.#runner = new Runner(this.#runnerHost());
  }

  /**
   * Starts a program: a path in the machine's tree, the bytes of a riscv64 ELF, or a function (abi/program.ts). Its
   * first instruction is executed when the machine runs.
   * @throws ScanoutError with the errno of execve when it cannot be executed.
   */
  spawn(
    program: string | Uint8Array | Program,
    args: readonly string[] = [],
    options: SpawnProgramOptions = {},
  ): GuestProgram {
    this.#alive();
    if (program instanceof Uint8Array) {
      if (!ELFMAG.every((byte, i) => program[i] === byte)) throw errnoError("spawn of bytes that are no ELF", -ENOEXEC);
      const path = `/bin/${options.name?.split("/").at(-1) || `program-${++this.#programs}`}`;
      this.fs.writeFile(path, program);
      return this.spawn(path, args, options);
    }
    const name = typeof program === "string" ? program : (options.name ?? (program.name || "program"));
    const { kernel } = this.computer;
    const pipes = options.console === true ? null : this.#makePipes(options);
    const common = {
      argv: [name, ...args],
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(pipes === null ? {} : { files: pipes.files }),
    };
    const process = this.#start(name, () =>
      typeof program === "string" ? kernel.spawnFile(program, common) : kernel.spawn(program, common),
    );
    const { task } = process;
    const pc = (): number | undefined => (task.image instanceof HartImage ? task.image.context.pc : undefined);
    return new GuestProgram(process, pipes?.streams ?? null, name, (signo) => kernel.signal(task.pid, signo), pc);
  }

  /** Runs for a budget. @throws ScanoutError: EBUSY_RUN while it runs. */
  async run(budget: Budget = {}): Promise<RunResult> {
    this.#alive();
    return await this.#runner.run(budget);
  }

  /** Runs until stop(), and lets the host's event loop go on meanwhile. */
  start(): void {
    this.#alive();
    this.#runner.start((error) => this.#onFailure(error));
  }

  /** Ends a run(), or what start() began; kept when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#runner.stop();
  }

  get isRunning(): boolean {
    return this.#runner.isRunning;
  }

  get stats(): MachineStats {
    const { kernel, machine } = this.computer;
    const sum = { ...this.#spent };
    for (const task of kernel.tasks) if (task.state !== "zombie") addCounts(sum, task);
    let tlbMisses = 0;
    for (let access = 0; access < ACCESSES; access++) tlbMisses += machine.counter(COUNTER_TLB_MISSES + access);
    return {
      ...sum,
      instructions: kernel.hart.instret,
      tlbMisses,
      pageWalks: machine.counter(COUNTER_PAGE_WALKS),
      frames: this.#frames,
      time: kernel.clock.now,
    };
  }

  /** Ends all programs (SIGKILL), every run and every iteration. What is asked of the machine afterwards throws. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const stopped = this.#runner.stop();
    this.computer.powerOff();
    for (const stream of this.#streams) if (stream instanceof OutputStream) stream.close();
    this.#streams.clear();
    this.display.end();
    await stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #alive(): void {
    if (this.#disposed) throw new ScanoutError("EDISPOSED", "the machine has been disposed of");
  }

  #start(name: string, start: () => Process): Process {
    try {
      return start();
    } catch (cause) {
      // The kernel's message names the errno; which it is stands in parentheses at the end.
      const message = cause instanceof Error ? cause.message : String(cause);
      const [, code = "ENOMEM"] = /\((E[A-Z0-9]+)\)$/.exec(message) ?? [];
      throw new ScanoutError(code, `${code}: spawn ${name}: ${message}`, { cause });
    }
  }

  #makePipes({ stdin, stdout, stderr }: SpawnProgramOptions): { files: OpenFile[]; streams: ProgramPipes } {
    const { kernel } = this.computer;
    const [input, output, error]: [Pipe, Pipe, Pipe] = [
      makeHostPipe(kernel, "reads"),
      makeHostPipe(kernel, "writes"),
      makeHostPipe(kernel, "writes"),
    ];
    const streams = {
      stdin: new InputStream(input[1]),
      stdout: new OutputStream(output[1], stdout ?? null),
      stderr: new OutputStream(error[1], stderr ?? null),
    };
    if (stdin !== undefined) streams.stdin.end(stdin);
    for (const stream of Object.values(streams)) this.#streams.add(stream);
    return { files: [input[0], output[0], error[0]], streams };
  }

  #kernelFacade(): MachineKernel {
    const { kernel } = this.computer;
    const check = (what: string, result: number): void => {
      if (result < 0) throw errnoError(what, result);
    };
    return {
      insmod: (module, parameters = {}) => {
        this.#alive();
        check(`insmod ${module.name}`, kernel.insmod(module, parameters));
      },
      rmmod: (name) => {
        this.#alive();
        check(`rmmod ${name}`, kernel.rmmod(name));
      },
      dmesg: () => kernel.log.dmesg(),
    };
  }

  #runnerHost(): ConstructorParameters<typeof Runner>[0] {
    const machine = this;
    const { computer } = this;
    return {
      kernel: computer.kernel,
      get frames() {
        return machine.#frames;
      },
      wantFrames: (wanted) => {
        computer.framesWanted = wanted;
      },
      deliver: () => machine.#deliver(),
      flush: () => {
        if (!machine.#disposed) machine.display.show();
      },
    };
  }

  #deliver(): boolean {
    let delivered = this.#shown;
    this.#shown = false;
    for (const stream of this.#streams) delivered = stream.deliver() === true || delivered;
    return delivered;
  }

  #exiting(task: Task): void {
    addCounts(this.#spent, task);
  }
}

/** Kinds of access: load, store, fetch. */
const ACCESSES = 3;

const addCounts = (
  sum: { systemCalls: number; pageFaults: number; bytesCopied: number },
  { counts, mm }: Task,
): void => {
  sum.systemCalls += counts.systemCalls;
  sum.bytesCopied += counts.bytesCopied;
  sum.pageFaults += mm.minorFaults + mm.majorFaults;
};

const CONSOLE_SIZE = { columns: 80, rows: 24 };

/** @throws ScanoutError (ERANGE_OPTION) for an option that is outside its range. */
export const createMachine = async (options: CreateMachineOptions = {}): Promise<ScanoutMachine> => {
  const {
    memory = "64MiB",
    videoMemory = "16MiB",
    display,
    clock: _clock,
    onConsole: write = () => {},
    onFailure: _onFailure,
    wasm,
    ...kernel
  } = options;
  try {
    const computer = await Computer.create({
      ...kernel,
      ram: parseBytes("memory", memory),
      videoMemory: parseBytes("videoMemory", videoMemory),
      ...(display === undefined ? {} : { display: { ...display, format: parseFormat(display.format ?? "xrgb8888") } }),
      terminal: new TtyPort({ write, size: CONSOLE_SIZE, isUtf8: true }, new HostInput()),
      ...(wasm === undefined ? {} : { source: wasm }),
    });
    // The host can always do something: write, send a signal, press a key.
    computer.kernel.inputOpen = () => true;
    return new ScanoutMachine(computer, options);
  } catch (error) {
    if (error instanceof RangeError) throw new ScanoutError("ERANGE_OPTION", error.message, { cause: error });
    throw error;
  }
};
