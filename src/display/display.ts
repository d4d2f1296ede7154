/**
 * The cable and the screen: asks the machine to scan out what the video card shows, and lays the hardware cursor over it.
 *
 * A frame is what video memory holds when frame() is called. Called in the card's vblank, as a screen does, it is whole;
 * called at another time it may be half drawn: that is tearing, and only who asks for it sees it.
 */
import { DAMAGE_TAKEN, DAMAGE_TAKEN_SIZE, PALETTE, PICTURE } from "../../assembly/layout.ts";
import { FORMAT_C8 } from "../../assembly/scanout-format.ts";
import type { VideoCard } from "../../devices/hardware/video-card.ts";
import { PALETTE_COLOURS } from "../../devices/hardware/video-card-registers.ts";
import type { MachineExports } from "../machine-exports.ts";
import { CursorOverlay, joinRows, NO_ROWS } from "./cursor.ts";
import type { Picture } from "./picture.ts";

/** What of a machine a display needs. */
export interface DisplayMachine {
  readonly memory: WebAssembly.Memory;
  readonly exports: Pick<MachineExports, "takeDamage" | "scanout" | "scanoutTop" | "scanoutBottom">;
}

export interface DisplayFrame {
  /** A live view of the machine's memory: the next frame() writes into it (copyPicture keeps one). */
  readonly picture: Picture;
  /** Rows [top, bottom) may differ from the last frame's; 0 and 0 when nothing was written. */
  readonly top: number;
  readonly bottom: number;
  /** Is there anything new: top < bottom. */
  readonly changed: boolean;
}

const BLACK = 0xff00_0000;

export class Display {
  readonly #machine: DisplayMachine;
  readonly #card: VideoCard;
  readonly #cursor = new CursorOverlay();
  readonly #damage: Uint8Array;
  #picture: Picture;

  constructor(machine: DisplayMachine, card: VideoCard) {
    this.#machine = machine;
    this.#card = card;
    this.#damage = new Uint8Array(machine.memory.buffer, DAMAGE_TAKEN, DAMAGE_TAKEN_SIZE);
    this.#picture = this.#view();
  }

  /** The picture of the last frame(). */
  get picture(): Picture {
    return this.#picture;
  }

  /**
   * Brings the picture up to date: the rows written since the last frame, or all of them after the card's mode, start,
   * palette or blank changed. Views on pinned pages tell of no store: mark what they reach as damaged first.
   */
  frame(): DisplayFrame {
    const { exports } = this.#machine;
    const { vramSize } = this.#card;
    const { frame, blank, cursor } = this.#card.state;
    const damaged = exports.takeDamage();
    const all = this.#card.takeChanged();
    if (all) this.#picture = this.#view();
    if (blank) return this.#blank(all);

    if (all && frame.format === FORMAT_C8) this.#loadPalette();
    const stale = this.#cursor.isStale(cursor, vramSize, this.#damage);
    if (!all && !stale && damaged === 0) return { picture: this.#picture, top: 0, bottom: 0, changed: false };
    const before = this.#cursor.remove(this.#picture);
    const { format, width, height, stride, start } = frame;
    if (exports.scanout(format, width, height, stride, start, all ? 1 : 0) < 0) {
      throw new Error(`the video card shows a frame that scanout refuses: ${JSON.stringify(frame)}`);
    }
    const scanned = { top: exports.scanoutTop(), bottom: exports.scanoutBottom() };
    const after = this.#cursor.draw(this.#picture, cursor, vramSize);
    const { top, bottom } = joinRows(scanned, stale ? joinRows(before, after) : NO_ROWS);
    return { picture: this.#picture, top, bottom, changed: top < bottom };
  }

  /** What is written behind a blank screen shows when the blank ends: that is a change of the card. */
  #blank(began: boolean): DisplayFrame {
    const picture = this.#picture;
    if (began) new Uint32Array(picture.data.buffer, picture.data.byteOffset, picture.data.length / 4).fill(BLACK);
    return { picture, top: 0, bottom: began ? picture.height : 0, changed: began };
  }

  #view(): Picture {
    const { width, height } = this.#card.state.frame;
    const buffer = this.#machine.memory.buffer as ArrayBuffer;
    return { width, height, data: new Uint8ClampedArray(buffer, PICTURE, width * height * 4) };
  }

  /** The card's 0x00rrggbb as the bytes R, G, B, 255. */
  #loadPalette(): void {
    const { palette } = this.#card.state;
    const rgba = new Uint8Array(this.#machine.memory.buffer, PALETTE, PALETTE_COLOURS * 4);
    for (const [i, colour] of palette.entries()) {
      rgba.set([colour >> 16, (colour >> 8) & 0xff, colour & 0xff, 0xff], i * 4);
    }
  }
}
