/** Descriptors 0, 1 and 2 of the programs that the host starts: the machine's terminal, or pipes to and from the host. */
import { O_RDWR } from "../abi/fcntl.ts";
import { HostInput } from "../devices/drivers/host-input.ts";
import type { TtyDevice } from "../devices/drivers/tty-driver.ts";
import { DEV_TTYS0 } from "../devices/drivers/tty-driver.ts";
import { TtyPort } from "../devices/drivers/tty-port.ts";
import type { OpenFile } from "./kernel/fs/file.ts";
import { hostInputStream, hostOutputStream } from "./kernel/fs/host-stream.ts";
import { FsState } from "./kernel/fs/path.ts";
import type { KernelCore } from "./kernel/kernel.ts";
import type { Task } from "./kernel/task.ts";

export interface StandardFileOptions {
  /** Gets what is written to standard output. Default: nobody. */
  onOutput?: (bytes: Uint8Array) => void;
  /** Gets what is written to standard error. Default: who gets standard output. */
  onError?: (bytes: Uint8Array) => void;
  /** What comes in on standard input. Default: nothing, and it is at its end. */
  input?: HostInput;
  /** The host's end of the serial terminal, /dev/ttyS0. Default: it shows on onOutput, and nobody types there. */
  terminal?: TtyPort;
  /** Which of descriptors 0, 1 and 2 are the terminal; the others are pipes. Default: all, where `terminal` is given. */
  onTerminal?: readonly [boolean, boolean, boolean];
}

const DEFAULT_SIZE = { columns: 80, rows: 24 };

/** The serial terminal that the options ask for. */
export const serialTerminal = ({ onOutput = () => {}, terminal }: StandardFileOptions): TtyDevice => {
  const port = terminal ?? new TtyPort({ write: onOutput, size: DEFAULT_SIZE });
  return { name: "ttyS0", dev: DEV_TTYS0, port };
};

/** Gives each process that the host starts its standard files; `path` is the terminal's. */
export const attachStandardFiles = (kernel: KernelCore, options: StandardFileOptions, path = "/dev/ttyS0"): void => {
  const { onOutput = () => {}, input = HostInput.ended(), terminal } = options;
  const isTerminal = terminal !== undefined;
  const onTerminal = options.onTerminal ?? [isTerminal, isTerminal, isTerminal];
  const streams = [
    hostInputStream(kernel, input),
    hostOutputStream(kernel, onOutput),
    hostOutputStream(kernel, options.onError ?? onOutput),
  ];
  // At a terminal somebody may always press a key; a pipe wakes who reads it.
  kernel.inputOpen = () => (input.isOpen && input.isWanted) || (terminal?.input.isOpen ?? false);
  for (const one of [input, terminal?.input]) one?.attach(() => kernel.scheduler.kick());
  kernel.openStdio = (task: Task) => {
    const tty = onTerminal.includes(true) ? openTerminal(kernel, path) : null;
    for (const [fd, open] of streams.entries()) {
      task.files.install(onTerminal[fd] === true && tty !== null ? tty.get() : open(), false);
    }
    tty?.put();
  };
};

/** One open file for all: as a login has it. The first program's session gets it as its controlling terminal. */
const openTerminal = (kernel: KernelCore, path: string): OpenFile | null => {
  const file = kernel.vfs.open(FsState.root(kernel.vfs), path, O_RDWR, 0);
  return typeof file === "number" ? null : file;
};
