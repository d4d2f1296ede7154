/** A file that an option names: it is found out before the machine runs whether anything can be written there. */
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "./usage-error.ts";

export class OutputFile {
  readonly name: string;

  /** Makes the folder. @throws UsageError when nothing can be written there. */
  constructor(name: string) {
    this.name = name;
    refuse(name, () => {
      mkdirSync(dirname(name), { recursive: true });
      accessSync(dirname(name), constants.W_OK);
    });
  }

  /** @throws UsageError that names the file. */
  write(bytes: Uint8Array, name = this.name): void {
    refuse(name, () => writeFileSync(name, bytes));
  }
}

const refuse = (name: string, work: () => void): void => {
  try {
    work();
  } catch (error) {
    throw new UsageError(`cannot write ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
};
