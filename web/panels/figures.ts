/** The figures under the screen. */
import { element } from "../element.ts";
import type { Figures } from "../protocol.ts";

const set = (id: string, text: string): void => {
  element(`figure-${id}`, HTMLElement).textContent = text;
};

export const showFigures = ({ frameRate, load, mips, systemCalls, pageFaults, bytesCopied }: Figures): void => {
  set("rate", frameRate.toFixed(0));
  set("load", `${(100 * load).toFixed(0)} %`);
  set("mips", mips < 0.5 ? "–" : mips.toFixed(0));
  set("calls", systemCalls.toLocaleString("en"));
  set("faults", pageFaults.toLocaleString("en"));
  set("copied", bytesCopied.toLocaleString("en"));
};
