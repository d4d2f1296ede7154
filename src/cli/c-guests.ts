/** The C programs that come with the package: riscv64 ELFs, compiled and committed. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Names and what they do, in the order of a list. */
const PROGRAMS: Readonly<Record<string, string>> = {
  plasma: "the plasma in C, on the hart",
  bounce: "the glossy balls in C, on the hart",
  fill: "the whole screen, one colour after the other",
  scroll: "a pattern that scrolls: all of the screen moves",
  fbinfo: "what the framebuffer says of itself",
  blit: "rectangles by the card's 2D engine",
  "touch-paint": "paints where the pointer is pressed",
  "mmap-test": "the first seed's user program in C",
  "mmap-example": "the second seed's user program in C",
};

const PREFIX = "c/";

/** "c/plasma" and so on, with a line about each. */
export const cGuests: readonly (readonly [name: string, summary: string])[] = Object.entries(PROGRAMS).map(
  ([name, summary]) => [PREFIX + name, summary],
);

/** The file of a C guest's name, or null when it is none. */
export const cGuestFile = (name: string): string | null => {
  if (!name.startsWith(PREFIX) || !Object.hasOwn(PROGRAMS, name.slice(PREFIX.length))) return null;
  // The compiled command line lies one folder deeper than its source.
  const files = ["../../", "../../../"].map((up) =>
    fileURLToPath(new URL(`${up}guests/c/bin/${name.slice(PREFIX.length)}.elf`, import.meta.url)),
  );
  return files.find((file) => existsSync(file)) ?? null;
};
