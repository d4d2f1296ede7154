/**
 * Streams on which ours once differed: the ELF and what qemu-riscv64 writes, as JSON, so that they are run without
 * qemu ever after.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const FOLDER = "tests/fuzz/fixtures";

export interface Fixture {
  readonly seed: number;
  readonly batch: number;
  /** What differed when it was found. */
  readonly found: readonly string[];
  readonly disassembly: readonly string[];
  /** The program, and what it writes; base64. */
  readonly elf: string;
  readonly output: string;
}

export const fixtures = (): string[] => {
  try {
    return readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  } catch {
    return [];
  }
};

export const readFixture = (file: string): Fixture => JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")) as Fixture;

/** The path written to. */
export const writeFixture = (fixture: Fixture): string => {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}/${fixture.seed}-${fixture.batch}.json`;
  writeFileSync(path, `${JSON.stringify(fixture, null, 2)}\n`);
  return path;
};
