/** The built-in guests: TypeScript programs, and C programs that are fetched when they are asked for. */
import { guests } from "../guests/index.ts";
import type { Program } from "../src/index.ts";

export interface Exhibit {
  readonly name: string;
  readonly summary: string;
  readonly language: "TypeScript" | "C";
  load(): Promise<Program | Uint8Array>;
}

const TEACHING = new Set(["mmap-test", "mmap-example"]);

const C_PROGRAMS: Readonly<Record<string, string>> = {
  plasma: "the plasma in C, on the hart",
  bounce: "the glossy balls in C, on the hart",
  fill: "the whole screen, one colour after the other",
  scroll: "a pattern that scrolls: all of the screen moves",
  "touch-paint": "paints where the pointer is pressed",
};

const urls = import.meta.glob("../guests/c/bin/*.elf", { eager: true, query: "?url", import: "default" });

const fetchElf = async (name: string): Promise<Uint8Array> => {
  const url = urls[`../guests/c/bin/${name}.elf`];
  if (url === undefined) throw new Error(`the page has no program ${name}`);
  const response = await fetch(new URL(url, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** The seeds' programs need the seeds' drivers, which the page does not load. */
export const gallery: readonly Exhibit[] = [
  ...Object.values(guests)
    .filter(({ name }) => !TEACHING.has(name))
    .map(({ name, summary, main }): Exhibit => ({ name, summary, language: "TypeScript", load: async () => main })),
  ...Object.entries(C_PROGRAMS).map(
    ([name, summary]): Exhibit => ({ name: `c/${name}`, summary, language: "C", load: () => fetchElf(name) }),
  ),
];
