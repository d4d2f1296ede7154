/** A program that the host started. */
import { signalName, strsignal } from "../../abi/signal.ts";
import type { Process } from "../kernel/spawn.ts";
import type { ExitStatus, Task } from "../kernel/task.ts";
import { ScanoutError } from "./error.ts";
import type { InputStream, OutputStream } from "./streams.ts";

/** What a program has used so far. */
export interface ProgramStats {
  readonly systemCalls: number;
  readonly pageFaults: number;
  /** Bytes that system calls copied between the program's memory and the kernel or a device. */
  readonly bytesCopied: number;
  readonly signals: number;
}

/** The three files of a program that has pipes; a program at the console has none. */
export interface ProgramPipes {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

export class GuestProgram {
  readonly pid: number;
  /** As its argv[0] says. */
  readonly name: string;
  /** How it ended: { code }, or { signal, address }. It never rejects; disposing of the machine is a SIGKILL. */
  readonly exited: Promise<ExitStatus>;
  readonly #task: Task;
  readonly #pipes: ProgramPipes | null;
  readonly #signal: (signo: number) => void;
  /** pc of the instruction at which it ended; undefined for a TypeScript program. */
  readonly #pc: () => number | undefined;

  constructor(
    { pid, task, exited }: Process,
    pipes: ProgramPipes | null,
    name: string,
    signal: (signo: number) => void,
    pc: () => number | undefined,
  ) {
    this.pid = pid;
    this.name = name;
    this.exited = exited;
    this.#task = task;
    this.#pipes = pipes;
    this.#signal = signal;
    this.#pc = pc;
  }

  /** Its end, or null while it lives. */
  get status(): ExitStatus | null {
    return this.#task.status;
  }

  /** @throws ScanoutError (ENXIO) for a program at the console. */
  get stdin(): InputStream {
    return this.#pipe("stdin");
  }

  get stdout(): OutputStream {
    return this.#pipe("stdout");
  }

  get stderr(): OutputStream {
    return this.#pipe("stderr");
  }

  get stats(): ProgramStats {
    const { counts, mm } = this.#task;
    const { systemCalls, bytesCopied, signals } = counts;
    return { systemCalls, bytesCopied, signals, pageFaults: mm.minorFaults + mm.majorFaults };
  }

  /** Sends a signal (abi/signal.ts has the numbers). It is taken when the machine runs. */
  kill(signo: number): void {
    if (this.status === null) this.#signal(signo);
  }

  /** Kept when it exits with 0. @throws ScanoutError (EXIT_STATUS, SIGNAL) when it ends in another way. */
  async succeeded(): Promise<void> {
    const status = await this.exited;
    if ("code" in status) {
      if (status.code !== 0) throw new ScanoutError("EXIT_STATUS", `${this.name} exited with status ${status.code}`);
      return;
    }
    const { signal, address } = status;
    const text = `${this.name} was killed by ${signalName(signal)} (${strsignal(signal)})`;
    const pc = this.#pc();
    throw new ScanoutError("SIGNAL", text, { address, ...(pc === undefined ? {} : { pc }) });
  }

  #pipe<K extends keyof ProgramPipes>(which: K): ProgramPipes[K] {
    if (this.#pipes === null) throw new ScanoutError("ENXIO", `${this.name} is at the console: it has no ${which}`);
    return this.#pipes[which];
  }
}
