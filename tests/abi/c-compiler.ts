/**
 * Runs a C program on the host, to compare our tables with the C headers of Linux. The layouts of LP64 are the same on
 * x86-64, arm64 and riscv64; constants come from <asm-generic/…>, which riscv64 uses unchanged.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program's standard output. Throws when it does not compile or exits non-zero. */
export function runC(source: string): string {
  const directory = mkdtempSync(join(tmpdir(), "scanout-abi-"));
  try {
    const file = join(directory, "probe.c");
    const program = join(directory, "probe");
    writeFileSync(file, source);
    execFileSync("cc", ["-w", "-o", program, file], { stdio: ["ignore", "ignore", "pipe"] });
    return execFileSync(program, { encoding: "utf8" });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Why C cannot be asked here, or null: "no cc with Linux's headers for LP64". */
export function cMissing(): string | null {
  try {
    runC('#include <asm-generic/unistd.h>\n_Static_assert(sizeof(long) == 8, "LP64");\nint main(void) { return 0; }');
    return null;
  } catch {
    return "no cc with Linux's headers for LP64";
  }
}
