/** The way from an address of the program to a pixel: mapping, page walk, memory. */
import type { PixelPlace } from "../../src/index.ts";

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
const FLAGS = "VRWXUGAD";

/** The bits of a PTE by their letters. */
const flags = (pte: bigint): string => [...FLAGS].filter((_, bit) => ((pte >> BigInt(bit)) & 1n) !== 0n).join("");

export class PixelPanel {
  readonly #box: HTMLElement;
  readonly #ask: (x: number, y: number) => void;
  #x = 0;
  #y = 0;

  constructor(box: HTMLElement, ask: (x: number, y: number) => void) {
    this.#box = box;
    this.#ask = ask;
    box.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 16 : 1;
      const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [
        0, 0,
      ];
      if (dx === 0 && dy === 0) return;
      event.preventDefault();
      this.look(Math.max(0, this.#x + step * dx!), Math.max(0, this.#y + step * dy!));
    });
    this.#stops([["", "Point at the screen."]]);
  }

  look(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
    this.#ask(x, y);
  }

  show({ x, y, offset, pa, mapping }: PixelPlace): void {
    const stops: [string, string][] = [["pixel", `(${x}, ${y})`]];
    if (mapping === null) stops.push(["no program maps it", "it is drawn by write(), or by nobody"]);
    else {
      const { process, path, start, walk } = mapping;
      stops.push([`${process.name} has mapped ${path} at`, hex(start)], ["virtual address", hex(walk.va)]);
      for (const { level, vpn, at, pte } of walk.levels) {
        stops.push([`level ${level}: entry ${vpn} at ${hex(at)}`, `${hex(pte)}  ${flags(pte)}`]);
      }
      if (walk.pa === null) stops.push(["the walk ends", "a page fault would bring the page in"]);
    }
    stops.push(["physical address", hex(pa)], ["byte of video memory", offset.toLocaleString("en")]);
    if (mapping?.walk.host != null) stops.push(["byte of the wasm memory", hex(mapping.walk.host)]);
    this.#stops(stops);
  }

  #stops(stops: readonly (readonly [string, string])[]): void {
    this.#box.replaceChildren(
      ...stops.map(([name, value]) => {
        const stop = document.createElement("div");
        stop.className = "stop mono";
        const label = document.createElement("b");
        label.textContent = name;
        stop.append(label, value);
        return stop;
      }),
    );
  }
}
