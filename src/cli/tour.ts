/**
 * `scanout tour`, the main job: both seeds, then a picture that a program drew straight into video memory, then what
 * travelled where, directly and copied. It ends by itself.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Computer } from "../computer.ts";
import { copyPicture, type Picture } from "../display/picture.ts";
import { encodePNG } from "../display/png.ts";
import { showPicture } from "../display/terminal.ts";
import { dim, heading, writeOut } from "./console.ts";
import { loadGuest } from "./load-guest.ts";
import { runSeeds } from "./seeds.ts";

const PICTURE_FILE = "out/plasma.png";

interface Drawn {
  readonly picture: Picture;
  /** Retired on the hart; 0 for a TypeScript program. */
  readonly instructions: number;
  readonly systemCalls: number;
  readonly faults: number;
  readonly bytesCopied: number;
}

/** One frame of plasma on a machine of its own: the guest of this name, which draws one frame when nobody asks for more. */
const drawPlasma = async (guest: string, args: readonly string[]): Promise<Drawn> => {
  const { start } = await loadGuest(guest);
  const computer = await Computer.create();
  const { exited, task } = start(computer, { argv: ["plasma", ...args] });
  const status = await exited;
  if (!("code" in status) || status.code !== 0) throw new Error(`${guest} ended with ${JSON.stringify(status)}`);
  return {
    picture: copyPicture(computer.frame().picture),
    instructions: computer.kernel.hart.instret,
    systemCalls: task.counts.systemCalls,
    faults: task.mm.minorFaults + task.mm.majorFaults,
    bytesCopied: task.counts.bytesCopied,
  };
};

/** The four ways to the same picture. */
const WAYS: readonly (readonly [name: string, guest: string, args: readonly string[]])[] = [
  ["TypeScript, mapped", "plasma", []],
  ["TypeScript, copied", "plasma", ["--copied"]],
  ["C on the hart, mapped", "c/plasma", []],
  ["C on the hart, copied", "c/plasma", ["--copied"]],
];

const COLUMNS = ["instructions", "system calls", "page faults", "bytes copied"];

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(22) + cells.map((cell) => cell.padStart(14)).join("");

const count = (value: number): string => value.toLocaleString("en-US");

const describe = (name: string, { instructions, systemCalls, faults, bytesCopied }: Drawn): string =>
  row(name, [instructions === 0 ? "" : count(instructions), ...[systemCalls, faults, bytesCopied].map(count)]);

const NEXT = `npm run -s scanout -- list                            the built-in guests
npm run -s scanout -- run --png out/balls.png bounce  another picture
npm run -s scanout -- run --strace c/plasma --copied  every system call, as strace prints it
npm run -s scanout -- run --maps --stats plasma       its mappings, and what travelled where
npm run -s scanout -- web                             a page that shows what mmap does
npm run -s scanout -- bench --quick                   direct against copied, measured here
npm run -s scanout -- seeds --fixed                   the seeds, with the first one's bug repaired`;

export const tour = async (say: (line: string) => void): Promise<void> => {
  say(heading("Two drivers from two old blog posts, on a kernel that behaves as Linux 6.12\n"));
  await runSeeds(writeOut, { brief: true });
  say(heading("\nA program draws into the video card's own memory, which it has mapped\n"));
  const [direct, ...others] = await drawAll();
  const { picture } = direct.drawn;
  mkdirSync(dirname(PICTURE_FILE), { recursive: true });
  writeFileSync(PICTURE_FILE, encodePNG(picture));
  showPicture(picture, process.stdout);
  say(dim(`${PICTURE_FILE}: ${picture.width} × ${picture.height} pixels`));
  say(heading("\nWhat travelled where, for that one frame\n"));
  say(row("", COLUMNS));
  for (const { name, drawn } of [direct, ...others]) say(describe(name, drawn));
  const same = others.every(({ drawn }) => bytesOf(drawn.picture).equals(bytesOf(picture)));
  say(`\nThe same picture all four ways: ${same ? "yes, byte for byte" : "NO"}.`);
  say(heading("\nNext\n"));
  say(NEXT);
  if (!same) throw new Error("the pictures differ");
};

const bytesOf = ({ data }: Picture): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

type Named = { readonly name: string; readonly drawn: Drawn };

const drawAll = async (): Promise<[Named, ...Named[]]> => {
  const drawn: Named[] = [];
  for (const [name, guest, args] of WAYS) drawn.push({ name, drawn: await drawPlasma(guest, args) });
  return drawn as [Named, ...Named[]];
};
