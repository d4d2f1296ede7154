/** What the page and its worker, in which the machine runs, tell each other. */
import type { PixelPlace } from "../src/index.ts";

export interface Mode {
  readonly width: number;
  readonly height: number;
  readonly format: string;
}

export type ToWorker =
  | { readonly type: "canvas"; readonly canvas: OffscreenCanvas }
  | {
      readonly type: "load";
      readonly name: string;
      /** A program that was dropped on the page; else `name` is one of the gallery's. */
      readonly elf?: Uint8Array;
      readonly args: readonly string[];
      /** How many frames it draws; 0: without end. */
      readonly frames: number;
      readonly mode: Mode;
    }
  | { readonly type: "play" | "pause" | "step" | "screenshot" }
  | { readonly type: "key"; readonly code: string; readonly state: "down" | "up" }
  | { readonly type: "pointer"; readonly x: number; readonly y: number; readonly buttons: number }
  | { readonly type: "wheel"; readonly dx: number; readonly dy: number }
  | { readonly type: "stdin"; readonly text: string }
  | { readonly type: "look"; readonly x: number; readonly y: number }
  | { readonly type: "trace"; readonly on: boolean };

export type State = "empty" | "running" | "paused" | "ended";

export interface Figures {
  /** Frames shown in the last second. */
  readonly frameRate: number;
  /** Million instructions a second, while the hart computes. */
  readonly mips: number;
  /** Share of a frame's time that the machine took, 0 to 1 and above. */
  readonly load: number;
  readonly systemCalls: number;
  readonly pageFaults: number;
  readonly bytesCopied: number;
  readonly frames: number;
}

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "state"; readonly state: State; readonly name: string; readonly mode: Mode; readonly text: string }
  | { readonly type: "figures"; readonly figures: Figures }
  | { readonly type: "output"; readonly text: string }
  | { readonly type: "maps"; readonly text: string }
  | { readonly type: "place"; readonly place: PixelPlace }
  | { readonly type: "trace"; readonly lines: readonly string[]; readonly dropped: number }
  | { readonly type: "damage"; readonly top: number; readonly bottom: number; readonly height: number }
  | { readonly type: "png"; readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string }
  | { readonly type: "thumbnail"; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "error"; readonly text: string };
