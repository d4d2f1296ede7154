/** One ELF program on qemu-riscv64 and on ours: what it writes, and how it ends. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Computer } from "../../../src/computer.ts";

/** qemu's generic 64-bit hart: RV64GC and more, which no stream uses. */
export const QEMU = ["qemu-riscv64", "-cpu", "rv64"] as const;

export const QEMU_MISSING = "qemu-riscv64 is not installed (Debian: apt-get install qemu-user)";

export const hasQemu = (): boolean => spawnSync(QEMU[0], ["--version"]).status === 0;

export interface Ended {
  readonly output: Uint8Array;
  /** "exit 0", "SIGSEGV", … */
  readonly end: string;
}

export const onQemu = async (elf: Uint8Array): Promise<Ended> => {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-cpu-"));
  const file = join(folder, "program");
  writeFileSync(file, elf, { mode: 0o755 });
  const child = spawn(QEMU[0], [...QEMU.slice(1), file], { stdio: ["ignore", "pipe", "inherit"], timeout: 120_000 });
  const pieces: Uint8Array[] = [];
  child.stdout.on("data", (piece: Uint8Array) => pieces.push(piece));
  const end = await new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  rmSync(folder, { recursive: true });
  return { output: Buffer.concat(pieces), end };
};

const MIB = 0x10_0000;
/** Read once, so that a run stays with one machine while somebody builds. */
const source = readFileSync("build/machine.wasm");

export const onScanout = async (elf: Uint8Array): Promise<Ended> => {
  const pieces: Uint8Array[] = [];
  const computer = await Computer.create({ source, ram: 32 * MIB, onOutput: (piece) => pieces.push(piece.slice()) });
  const status = await computer.spawnFile("/bin/program", elf).exited;
  const end = "code" in status ? `exit ${status.code}` : `signal ${status.signal} at 0x${status.address.toString(16)}`;
  return { output: Buffer.concat(pieces), end };
};
