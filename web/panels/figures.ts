/** The figures under the screen. */
import { element } from "../element.ts";
import type { Figures } from "../protocol.ts";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** With three digits and a unit. */
const bytes = (count: number): string => {
  const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toLocaleString("en", { maximumSignificantDigits: 3 })} ${UNITS[power]}`;
};

const set = (id: string, text: string): void => {
  element(`figure-${id}`, HTMLElement).textContent = text;
};

export const showFigures = ({ frameRate, load, mips, systemCalls, pageFaults, bytesCopied }: Figures): void => {
  set("rate", frameRate === 0 ? "–" : frameRate.toFixed(0));
  set("load", `${(100 * load).toFixed(0)} %`);
  // A program in TypeScript retires no instructions.
  set("mips", mips < 0.5 ? "none" : mips.toFixed(0));
  set("calls", systemCalls.toLocaleString("en"));
  set("faults", pageFaults.toLocaleString("en"));
  set("copied", bytes(bytesCopied));
};
