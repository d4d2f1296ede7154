/**
 * The hart against qemu-riscv64 (Debian's qemu-user): the same ELF programs, turn by turn in one run, CPU time of whole
 * processes. Where qemu is absent our column stands alone.
 *
 *     npm run bench:cpu [-- --rounds N] [program…]
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { Computer } from "../dist/src/computer.js";

const FOLDER = "bench/cpu/bin";
const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "3" } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const programs = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".elf"))
  .map((file) => basename(file, ".elf"))
  .filter((name) => positionals.length === 0 || positionals.includes(name));
const hasQemu = spawnSync("qemu-riscv64", ["--version"]).status === 0;
if (!hasQemu) console.log("qemu-riscv64 is not here (Debian: qemu-user): our column alone");

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** CPU seconds of this process; V8's compiler threads count. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const onScanout = async (name) => {
  const pieces = [];
  const computer = await Computer.create({ ram: 256 * 0x10_0000, onOutput: (bytes) => pieces.push(bytes.slice()) });
  const start = cpu();
  const { exited } = computer.spawnFile(`/bin/${name}`, readFileSync(`${FOLDER}/${name}.elf`));
  const status = await exited;
  if (status.code !== 0) throw new Error(`${name} ended with ${JSON.stringify(status)}`);
  return { seconds: cpu() - start, instructions: computer.kernel.hart.instret, text: Buffer.concat(pieces).toString() };
};

const onQemu = (name) => {
  const script = `TIMEFORMAT='%U %S'; time qemu-riscv64 ${FOLDER}/${name}.elf`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  const [user, system] = stderr.trim().split(" ").map(Number);
  return { seconds: user + system, text: stdout };
};

console.log(
  `${"program".padEnd(18)}${"scanout s".padStart(11)}${"MIPS".padStart(8)}${hasQemu ? "     qemu s   qemu / scanout" : ""}`,
);
const ratios = [];
for (const name of programs) {
  const ours = [];
  const theirs = [];
  let instructions = 0;
  for (let round = 0; round < rounds; round++) {
    const our = await onScanout(name);
    instructions = our.instructions;
    ours.push(our.seconds);
    if (!hasQemu) continue;
    const qemu = onQemu(name);
    theirs.push(qemu.seconds);
    if (qemu.text !== our.text)
      throw new Error(`${name}: the checksum differs: ${our.text.trim()} and ${qemu.text.trim()}`);
  }
  const [own, other] = [median(ours), median(theirs)];
  const mips = (instructions / own / 1e6).toFixed(0);
  const row = `${name.padEnd(18)}${own.toFixed(2).padStart(11)}${mips.padStart(8)}`;
  if (hasQemu) ratios.push(other / own);
  console.log(hasQemu ? `${row}${other.toFixed(2).padStart(11)}${(other / own).toFixed(2).padStart(17)}` : row);
}
if (hasQemu) {
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  console.log(`geometric mean of qemu's time / ours: ${mean.toFixed(3)}  goal ≥ 0.2`);
}
