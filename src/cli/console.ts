/** The command line's ends: what goes to stdout and stderr, and what people see of it. */
import pc from "picocolors";
import type { ConsoleInput } from "../../devices/drivers/console.ts";

/** Guests' bytes go out unchanged. */
export const writeOut = (bytes: Uint8Array | string): void => {
  process.stdout.write(bytes);
};

export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const complain = (text: string): void => {
  process.stderr.write(`${pc.red("scanout:")} ${text}\n`);
};

export const heading = (text: string): string => pc.bold(text);
export const dim = (text: string): string => pc.dim(text);

/** Types at the machine's console what comes in on stdin; what comes back lets stdin go, so that the process can end. */
export const followStdin = (input: ConsoleInput): (() => void) => {
  const { stdin } = process;
  const feed = (bytes: Uint8Array): void => input.feed(bytes);
  const end = (): void => input.end();
  stdin.on("data", feed).on("end", end);
  return () => {
    stdin.off("data", feed).off("end", end);
    stdin.pause();
    stdin.unref?.();
  };
};
