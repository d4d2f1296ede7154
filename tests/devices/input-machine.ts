/** A whole computer with one program that has the input devices' nodes open, and the host's hands beside it. */

import { inputEvent } from "../../abi/input.ts";
import { SIGABRT } from "../../abi/signal.ts";
import { type Libc, program } from "../../guests/libc.ts";
import { Computer, type ComputerOptions } from "../../src/computer.ts";

/** Runs `main` to its end; what it throws is thrown here. */
export const withInput = async (
  main: (c: Libc, computer: Computer) => Promise<void> | void,
  options: ComputerOptions = {},
): Promise<void> => {
  const computer = await Computer.create({ display: { width: 64, height: 48 }, ...options });
  let failure: unknown = null;
  const { exited } = computer.spawn(
    program(async (c) => {
      try {
        await main(c, computer);
      } catch (error) {
        failure = error;
        throw error;
      }
      return 0;
    }),
  );
  const status = await exited;
  if ("signal" in status && status.signal === SIGABRT) throw failure;
  if (!("code" in status)) throw new Error(`${JSON.stringify(status)}\n${computer.kernel.log.dmesg()}`);
};

/** What is in the queue of a descriptor opened with O_NONBLOCK: [type, code, value] of each; or -errno. */
export const readEvents = async (c: Libc, fd: number, count = 64 * inputEvent.size): Promise<number[][] | number> => {
  const bytes = await c.readBytes(fd, count);
  if (bytes === -1) return -c.errno;
  return Array.from({ length: bytes.length / inputEvent.size }, (_, i) => {
    const { type, code, value } = inputEvent.read(bytes, i * inputEvent.size);
    return [type, code, value];
  });
};
