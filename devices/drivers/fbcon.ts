/**
 * The console on the framebuffer (drivers/video/fbdev/core/fbcon.c of Linux 6.12): paints the cells of a virtual terminal
 * into video memory, those that changed since the last time. The cursor is the last two rows of its cell; it does not
 * blink.
 *
 * Not modelled: scrolling by panning, rotation, a logo, other fonts.
 */
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import { pixelSize } from "../hardware/video-card.ts";
import type { Kernel, MappedMemory } from "./driver.ts";
import type { FbInfo } from "./fb-info.ts";
import { formatOf } from "./fb-mode.ts";
import { type Cells, LOOK_UNDERLINE } from "./vt-cells.ts";
import { pixelOf, shownColours } from "./vt-colours.ts";
import { FONT_HEIGHT, FONT_WIDTH, Font } from "./vt-font.ts";
import type { VtScreen } from "./vt-screen.ts";

const CURSOR_ROWS = 2;
const UNDERLINE_ROW = FONT_HEIGHT - 2;

/** Whole characters that a mode has room for. */
export const textSize = (xres: number, yres: number): { columns: number; rows: number } => ({
  columns: Math.max(1, Math.floor(xres / FONT_WIDTH)),
  rows: Math.max(1, Math.floor(yres / FONT_HEIGHT)),
});

export class FbCon {
  readonly info: FbInfo;
  readonly #memory: MappedMemory;
  readonly #screen: VtScreen;
  readonly #font = new Font();
  /** Where the cursor was painted. */
  #cursor: { x: number; y: number } | null = null;
  #pixels: { view: Uint8Array | Uint16Array | Uint32Array; pitch: number; start: number; size: number };

  constructor(kernel: Kernel, info: FbInfo, screen: VtScreen) {
    this.info = info;
    this.#screen = screen;
    this.#memory = kernel.memremap(VRAM_BASE, info.fix.smem_len);
    this.#pixels = this.#look();
  }

  /** Paints everything anew, in the mode that is in force now: its margins become black. */
  repaint(): void {
    this.info.pan({ ...this.info.var, xoffset: 0, yoffset: 0 });
    this.#pixels = this.#look();
    const { view, pitch, start, size } = this.#pixels;
    const { xres, yres } = this.info.var;
    for (let y = 0; y < yres; y++) view.fill(0, start + y * pitch, start + y * pitch + xres);
    this.#memory.written(start * size, ((yres - 1) * pitch + xres) * size);
    this.#screen.cells.dirty.fill(1);
    this.#cursor = null;
    this.paint();
  }

  /** Paints the rows that changed. */
  paint(): void {
    const { cells, cursorVisible, x, y } = this.#screen;
    const cursor = cursorVisible ? { x, y } : null;
    if (this.#cursor !== null && this.#cursor.y < cells.rows) cells.dirty[this.#cursor.y] = 1;
    if (cursor !== null) cells.dirty[cursor.y] = 1;
    this.#cursor = cursor;
    for (let row = 0; row < cells.rows; row++) {
      if (cells.dirty[row] === 0) continue;
      cells.dirty[row] = 0;
      for (let column = 0; column < cells.columns; column++) {
        this.#paintCell(cells, column, row, cursor !== null && cursor.x === column && cursor.y === row);
      }
      const { pitch, start, size } = this.#pixels;
      this.#memory.written((start + row * FONT_HEIGHT * pitch) * size, FONT_HEIGHT * pitch * size);
    }
  }

  #paintCell(cells: Cells, column: number, row: number, isCursor: boolean): void {
    const cell = row * cells.columns + column;
    const flags = cells.flags[cell]!;
    const look = { foreground: cells.foregrounds[cell]!, background: cells.backgrounds[cell]!, flags };
    const format = formatOf(this.info.var);
    const [ink, paper] = shownColours(look, this.#screen.reverseVideo).map((colour) => pixelOf(colour, format));
    const glyph = this.#font.glyph(cells.characters[cell]!);
    const { view, pitch, start } = this.#pixels;
    let at = start + row * FONT_HEIGHT * pitch + column * FONT_WIDTH;
    for (let y = 0; y < FONT_HEIGHT; y++, at += pitch) {
      const lined = (isCursor && y >= FONT_HEIGHT - CURSOR_ROWS) || (flags & LOOK_UNDERLINE && y === UNDERLINE_ROW);
      const bits = lined ? 0xff : glyph[y]!;
      for (let x = 0; x < FONT_WIDTH; x++) view[at + x] = bits & (0x80 >> x) ? ink! : paper!;
    }
  }

  /** Video memory in pixels of the mode. */
  #look() {
    const { var: v, fix } = this.info;
    const size = pixelSize(formatOf(v));
    const { buffer, byteOffset, length } = this.#memory.bytes;
    const View = size === 4 ? Uint32Array : size === 2 ? Uint16Array : Uint8Array;
    const view = new View(buffer, byteOffset, Math.floor(length / size));
    const pitch = fix.line_length / size;
    return { view, pitch, start: v.yoffset * pitch + v.xoffset, size };
  }
}
