/** The command line's ends: what goes to stdout and stderr, and what people see of it. */
import pc from "picocolors";

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
