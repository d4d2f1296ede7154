/** Truth: vmprobe-truth.ts. */
import { expect, test } from "vitest";
import { TtyPort } from "../../../devices/drivers/tty-port.ts";
import { Lab } from "../lab.ts";
import { vmprobe } from "./vmprobe.ts";
import { addressIn, DIFFERENCES, expected, isHint, linesOf, recorded } from "./vmprobe-truth.ts";

/** Lines that run code of a mapping: a program in TypeScript cannot jump. */
const NOT_RUN = ["((void(*)(void))m)()", "((void(*)(void))(m+1))()", "((void(*)(void))0x10)()"];

const isJump = (line: string): boolean => NOT_RUN.some((expression) => line.startsWith(`${expression} = `));

const run = async (): Promise<string[]> => {
  // As it was recorded: typed at a terminal, its output in a file.
  const terminal = new TtyPort({ write: () => {}, size: { columns: 80, rows: 24 } });
  const lab = await Lab.boot({ terminal, onTerminal: [true, false, false] });
  const { exited } = lab.kernel.spawn(vmprobe, { argv: ["vmprobe"] });
  expect(await exited, lab.output()).toEqual({ code: 0 });
  expect(lab.log().filter((text) => /BUG|Oops/.test(text))).toEqual([]);
  return linesOf(lab.output());
};

test("every line that the program printed on Linux", async () => {
  const ours = await run();
  expect(ours.filter((line) => !isHint(line))).toEqual(expected.filter((line) => !isHint(line) && !isJump(line)));
});

test("a hint in the first page is none: the kernel chooses an address in the upper half", async () => {
  expect(addressIn(recorded)).toBeGreaterThan(2 ** 46);
  expect(addressIn(await run())).toBeGreaterThan(2 ** 37);
});

test("each listed difference is one line of the transcript", () => {
  for (const { linux } of DIFFERENCES) expect(recorded.filter((line) => line === linux)).toHaveLength(1);
  expect(recorded.filter(isJump)).toHaveLength(4);
});
