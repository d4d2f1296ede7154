/** The built-in guests: TypeScript programs, and C programs that are fetched when they are asked for. */
import { guests } from "../guests/index.ts";
import type { Program } from "../src/index.ts";
import { loadMmapFault, loadMmapVmalloc, type Prepare } from "./seed-drivers.ts";

export interface Exhibit {
  readonly name: string;
  readonly summary: string;
  readonly language: "TypeScript" | "C";
  /** It prints and draws nothing. */
  readonly isText: boolean;
  /** What the machine needs before it starts. */
  readonly prepare: Prepare | null;
  load(): Promise<Program | Uint8Array>;
}

const DRIVERS: Readonly<Record<string, Prepare>> = { "mmap-test": loadMmapVmalloc, "mmap-example": loadMmapFault };
const TEXT = new Set(["mmap-test", "mmap-example", "fbinfo"]);

const C_PROGRAMS: Readonly<Record<string, string>> = {
  plasma: "the plasma in C, on the hart",
  bounce: "the glossy balls in C, on the hart",
  fill: "the whole screen, one colour after the other",
  scroll: "a pattern that scrolls: all of the screen moves",
  blit: "rectangles by the card's 2D engine",
  "touch-paint": "paints where the pointer is pressed; 1 to 8 are colours, c clears, q ends",
  fbinfo: "prints what the framebuffer says of itself",
  "mmap-test": "the first seed's user program: maps the vmalloc'ed pages behind ./node",
  "mmap-example": "the second seed's user program: maps a page of a debugfs file",
};

const urls = import.meta.glob("../guests/c/bin/*.elf", { eager: true, query: "?url", import: "default" });

const fetchElf = async (name: string): Promise<Uint8Array> => {
  const url = urls[`../guests/c/bin/${name}.elf`];
  if (url === undefined) throw new Error(`the page has no program ${name}`);
  const response = await fetch(new URL(url, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
};

const kind = (name: string): Pick<Exhibit, "isText" | "prepare"> => ({
  isText: TEXT.has(name),
  prepare: DRIVERS[name] ?? null,
});

export const gallery: readonly Exhibit[] = [
  ...Object.values(guests).map(
    ({ name, summary, main }): Exhibit => ({
      ...kind(name),
      name,
      summary,
      language: "TypeScript",
      load: async () => main,
    }),
  ),
  ...Object.entries(C_PROGRAMS).map(
    ([name, summary]): Exhibit => ({
      ...kind(name),
      name: `c/${name}`,
      summary,
      language: "C",
      load: () => fetchElf(name),
    }),
  ),
];
