/**
 * `scanout tour`, the main job: both seeds, then a picture that a program drew straight into video memory, then what
 * travelled where, directly and copied. It ends by itself.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { guests } from "../../guests/index.ts";
import { Computer } from "../computer.ts";
import type { Picture } from "../display/picture.ts";
import { encodePNG } from "../display/png.ts";
import { showPicture } from "../display/terminal.ts";
import { dim, heading, writeOut } from "./console.ts";
import { runSeeds } from "./seeds.ts";

const PICTURE_FILE = "out/plasma.png";

interface Drawn {
  readonly picture: Picture;
  readonly systemCalls: number;
  readonly faults: number;
  readonly bytesCopied: number;
}

/** One frame of plasma on a machine of its own. */
const drawPlasma = async (args: readonly string[]): Promise<Drawn> => {
  const computer = await Computer.create();
  const { exited, task } = computer.spawn(guests.plasma!.main, { argv: ["plasma", "--frames", "1", ...args] });
  const status = await exited;
  if (!("code" in status) || status.code !== 0) throw new Error(`plasma ended with ${JSON.stringify(status)}`);
  const { picture } = computer.frame();
  return {
    picture,
    systemCalls: task.counts.systemCalls,
    faults: task.mm.minorFaults + task.mm.majorFaults,
    bytesCopied: task.counts.bytesCopied,
  };
};

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(10) : cell.toLocaleString("en-US").padStart(14))).join("");

const NEXT = `npm run -s scanout -- list                            the built-in guests
npm run -s scanout -- run --png out/balls.png bounce  another picture
npm run -s scanout -- run --strace plasma --copied    every system call, as strace prints it
npm run -s scanout -- run --maps --stats plasma       its mappings, and what travelled where
npm run -s scanout -- seeds --fixed                   the seeds, with the first one's bug repaired`;

export const tour = async (say: (line: string) => void): Promise<void> => {
  say(heading("Two drivers from two old blog posts, on a kernel that behaves as Linux 6.12\n"));
  await runSeeds(writeOut, { brief: true });
  say(heading("\nA program draws into the video card's own memory, which it has mapped\n"));
  const direct = await drawPlasma([]);
  mkdirSync(dirname(PICTURE_FILE), { recursive: true });
  writeFileSync(PICTURE_FILE, encodePNG(direct.picture));
  showPicture(direct.picture, process.stdout);
  say(dim(`${PICTURE_FILE}: ${direct.picture.width} × ${direct.picture.height} pixels`));
  const copied = await drawPlasma(["--copied"]);
  const same = Buffer.compare(Buffer.from(direct.picture.data), Buffer.from(copied.picture.data)) === 0;
  say(heading("\nWhat travelled where, for that one frame\n"));
  say(row(["", "system calls", "page faults", "bytes copied"]));
  say(row(["direct", direct.systemCalls, direct.faults, direct.bytesCopied]));
  say(row(["copied", copied.systemCalls, copied.faults, copied.bytesCopied]));
  say(`\nThe same picture both ways: ${same ? "yes, byte for byte" : "NO"}.`);
  say(heading("\nNext\n"));
  say(NEXT);
  if (!same) throw new Error("the direct and the copied picture differ");
};
