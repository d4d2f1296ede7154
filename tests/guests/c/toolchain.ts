/**
 * The compiler and the emulator that tests of C programs want, from Debian. A test that cannot run says so in its
 * name: `test.skipIf(noQemu !== null)(named("…", noQemu), …)`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { COMPILER, COMPILER_PACKAGE, COMPILER_VERSION, compilerVersion } from "../../../tools/c-programs.ts";

const QEMU = "qemu-riscv64";

const findNoCompiler = (): string | null => {
  const version = compilerVersion();
  if (version === null) return `no ${COMPILER}: apt-get install ${COMPILER_PACKAGE}`;
  return version === COMPILER_VERSION ? null : `${COMPILER} is ${version}, not Debian 12's ${COMPILER_VERSION}`;
};

const findNoQemu = (): string | null => {
  try {
    execFileSync(QEMU, ["--version"], { stdio: "pipe" });
    return null;
  } catch {
    return `no ${QEMU}: apt-get install qemu-user`;
  }
};

/** Why programs cannot be compiled here as the committed ones were, or null. */
export const noCompiler: string | null = findNoCompiler();
/** Why ELFs cannot be run here, or null. */
export const noQemu: string | null = findNoQemu();

/** The name of a test, with the reason why it is skipped. */
export const named = (name: string, reason: string | null): string =>
  reason === null ? name : `${name} (skipped: ${reason})`;

export interface Ran {
  readonly status: number | null;
  readonly out: Buffer;
  readonly error: string;
}

/** Runs a riscv64 ELF under qemu, with nothing but `env` in its environment. */
export const runElf = (
  elf: string,
  args: readonly string[] = [],
  options: { env?: Readonly<Record<string, string>>; cwd?: string; input?: string } = {},
): Ran => {
  const variables = Object.entries(options.env ?? {}).flatMap(([name, value]) => ["-E", `${name}=${value}`]);
  const { status, stdout, stderr, error } = spawnSync(QEMU, [...variables, elf, ...args], {
    cwd: options.cwd,
    input: options.input ?? "",
    env: { PATH: process.env.PATH },
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  return { status, out: stdout, error: stderr.toString() };
};
