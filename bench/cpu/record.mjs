/** npm run bench:cpu:record: the programs' checksums and counts, from qemu-riscv64, over programs.json. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIST = new URL("programs.json", import.meta.url);
const QEMU = "qemu-riscv64";

const folder = mkdtempSync(join(tmpdir(), "qemu-count-"));
const plugin = join(folder, "count.so");

const count = (name, args) => {
  const elf = new URL(`bin/${name}.elf`, import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(QEMU, ["-plugin", plugin, elf, ...args], { encoding: "utf8" });
  const [, instructions] = /^instructions (\d+)$/m.exec(stderr) ?? [];
  if (status !== 0 || instructions === undefined) throw new Error(`${name}: exit status ${status}: ${stderr}`);
  return { checksum: stdout.trim(), instructions: Number(instructions) };
};

try {
  const source = new URL("plugin/qemu-count.c", import.meta.url).pathname;
  execFileSync("gcc", ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-o", plugin, source], { stdio: "inherit" });
  const programs = JSON.parse(readFileSync(LIST, "utf8"));
  for (const { name, once, usual } of programs) {
    Object.assign(once, count(name, ["1"]));
    Object.assign(usual, count(name, []));
    console.log(`${name.padEnd(20)} ${usual.instructions}`);
  }
  writeFileSync(LIST, `${JSON.stringify(programs, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
