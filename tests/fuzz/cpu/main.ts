/**
 * Random instruction streams on qemu-riscv64 and on ours:
 *
 *     npm run fuzz:cpu -- --instructions 1e6 --seed N [--batch B]
 *
 * --batch goes straight to the batch that a failure named. What fails becomes a fixture in tests/fuzz/fixtures.
 */
import { parseArgs } from "node:util";
import { writeFixture } from "./fixture.ts";
import { fuzz } from "./fuzz.ts";
import { hasQemu, onQemu, QEMU, QEMU_MISSING } from "./run.ts";

const { values } = parseArgs({
  options: {
    instructions: { type: "string", default: "1e6" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
    batch: { type: "string", default: "0" },
  },
});
const [instructions, seed, batch] = [values.instructions, values.seed, values.batch].map(Number) as [
  number,
  number,
  number,
];
if (![instructions, seed, batch].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  throw new RangeError(
    `--instructions ${values.instructions} --seed ${values.seed} --batch ${values.batch}: not whole numbers`,
  );
}
if (!hasQemu()) throw new Error(QEMU_MISSING);

console.log(`fuzz:cpu: seed ${seed}, ${instructions} instructions, against ${QEMU.join(" ")}`);
const start = performance.now();
const compared = await fuzz(seed, instructions, batch);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
const { failure } = compared;
if (failure === null) {
  console.log(`${compared.instructions} instructions in ${compared.streams} streams: no difference, ${seconds} s`);
} else {
  const { output } = await onQemu(failure.elf);
  const path = writeFixture({
    ...failure,
    elf: Buffer.from(failure.elf).toString("base64"),
    output: Buffer.from(output).toString("base64"),
  });
  console.error(`seed ${seed}, batch ${failure.batch}: the shortest stream that differs`);
  console.error([...failure.disassembly, ...failure.found].map((line) => `  ${line}`).join("\n"));
  console.error(`again: npm run fuzz:cpu -- --seed ${seed} --batch ${failure.batch}\nfixture: ${path}`);
  process.exitCode = 1;
}
