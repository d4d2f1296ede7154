/**
 * The video card: which bytes of video memory are the picture. video-card-registers.ts is its data sheet.
 *
 * Video memory itself is not here: it is memory to the processor, and src/display reads the card's `state` to turn it
 * into a picture. The host calls `vblank()` once a frame.
 *
 * Not modelled: the beam's position and the length of a vertical blank (a vblank is an instant), refresh rates and
 * timings, interrupt.
 */
import { VIDEO_CARD_SIZE } from "../../assembly/memory-map.ts";
import { FORMAT_C8, FORMAT_RGB565, FORMATS } from "../../assembly/scanout-format.ts";
import type { Device } from "./device.ts";
import { type CursorState, makeCursorState, readCursor, writeCursor } from "./video-card-cursor.ts";
import { type EngineState, makeEngineState, readEngine, type VideoMemory, writeEngine } from "./video-card-engine.ts";
import {
  MODE_SIZE_MAX,
  MODE_SIZE_MIN,
  PALETTE_COLOURS,
  REG_BLANK,
  REG_COMMIT,
  REG_CURSOR_COLOUR_1,
  REG_CURSOR_CONTROL,
  REG_ENGINE_COMMAND,
  REG_ENGINE_LIMIT,
  REG_FORMAT,
  REG_HEIGHT,
  REG_ID,
  REG_ID_VALUE,
  REG_PALETTE,
  REG_START,
  REG_STATUS,
  REG_STRIDE,
  REG_VBLANK_COUNT,
  REG_VERSION,
  REG_VERSION_VALUE,
  REG_VRAM_SIZE,
  REG_WIDTH,
  STATUS_MODE_REFUSED,
  STATUS_START_REFUSED,
} from "./video-card-registers.ts";

/** A frame in video memory: `stride` and `start` in bytes, `format` a FORMAT_…. */
export interface Frame {
  width: number;
  height: number;
  stride: number;
  format: number;
  start: number;
}

/** All that a snapshot must keep. */
export interface VideoCardState {
  /** What is shown. Always legal. */
  frame: Frame;
  /** What the mode registers and START read: the next COMMIT, the next vblank. */
  next: Frame;
  blank: boolean;
  status: number;
  vblankCount: number;
  /** 0x00rrggbb. */
  palette: Uint32Array;
  cursor: CursorState;
  engine: EngineState;
}

/** Bytes of one pixel. */
export const pixelSize = (format: number): number => (format === FORMAT_C8 ? 1 : format === FORMAT_RGB565 ? 2 : 4);

const isCursor = (offset: number): boolean => offset >= REG_CURSOR_CONTROL && offset <= REG_CURSOR_COLOUR_1;
const isEngine = (offset: number): boolean => offset >= REG_ENGINE_COMMAND && offset < REG_ENGINE_LIMIT;

const inRange = (size: number): boolean => size >= MODE_SIZE_MIN && size <= MODE_SIZE_MAX;

/** Does the frame lie in `vramSize` bytes, as the data sheet demands? */
function legal({ width, height, stride, format, start }: Frame, vramSize: number): boolean {
  if (!inRange(width) || !inRange(height) || format >= FORMATS) return false;
  const row = width * pixelSize(format);
  return stride >= row && start + (height - 1) * stride + row <= vramSize;
}

export class VideoCard {
  readonly vramSize: number;
  readonly state: VideoCardState;
  readonly device: Device;
  readonly #memory: VideoMemory;
  #changed = true;
  readonly #vblankListeners = new Set<() => void>();

  /**
   * A card of `vramSize` bytes that shows `mode` from offset 0, its rows close together. `memory` is for the 2D engine,
   * which refuses everything without it.
   * @throws RangeError when the mode is not one the card can show.
   */
  constructor(vramSize: number, mode: { width: number; height: number; format: number }, memory?: VideoMemory) {
    const { width, height, format } = mode;
    const frame = { width, height, format, stride: width * pixelSize(format), start: 0 };
    if (!legal(frame, vramSize)) {
      throw new RangeError(
        `video card: ${width}x${height} in format ${format} is not ${MODE_SIZE_MIN} to ${MODE_SIZE_MAX} pixels wide and ` +
          `high, or needs more than ${vramSize} bytes of video memory`,
      );
    }
    this.vramSize = vramSize;
    this.#memory = memory ?? { bytes: new Uint8Array(0), written() {} };
    this.state = {
      frame,
      next: { ...frame },
      blank: false,
      status: 0,
      vblankCount: 0,
      palette: new Uint32Array(PALETTE_COLOURS),
      cursor: makeCursorState(),
      engine: makeEngineState(),
    };
    this.device = {
      name: "video card",
      size: VIDEO_CARD_SIZE,
      widths: [4],
      read: (offset) => this.#read(offset),
      write: (offset, _width, value) => this.#write(offset, value),
    };
  }

  /** One frame is over: START takes effect, the count goes up, listeners run. */
  vblank(): void {
    const { state } = this;
    if (state.next.start !== state.frame.start) {
      const panned = { ...state.frame, start: state.next.start };
      if (legal(panned, this.vramSize)) this.#show(panned);
      else state.next.start = state.frame.start;
      this.#setStatus(STATUS_START_REFUSED, state.frame !== panned);
    }
    state.vblankCount = (state.vblankCount + 1) >>> 0;
    for (const listener of [...this.#vblankListeners]) listener();
  }

  /** Calls `listener` after every vblank, until the returned function is called. */
  onVblank(listener: () => void): () => void {
    this.#vblankListeners.add(listener);
    return () => {
      this.#vblankListeners.delete(listener);
    };
  }

  /** Does the next vblank matter to anybody: a listener, or a START that waits for it? */
  get vblankWanted(): boolean {
    return this.#vblankListeners.size > 0 || this.state.next.start !== this.state.frame.start;
  }

  /** Must the whole picture be made anew: did frame, palette or blank change since the last call? True the first time. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  #read(offset: number): number {
    const { state, vramSize } = this;
    if (offset >= REG_PALETTE) return state.palette[(offset - REG_PALETTE) / 4] ?? 0;
    if (isCursor(offset)) return readCursor(state.cursor, offset);
    if (isEngine(offset)) return readEngine(state.engine, offset);
    switch (offset) {
      case REG_ID:
        return REG_ID_VALUE;
      case REG_VERSION:
        return REG_VERSION_VALUE;
      case REG_VRAM_SIZE:
        return vramSize;
      case REG_STATUS:
        return state.status;
      case REG_WIDTH:
        return state.next.width;
      case REG_HEIGHT:
        return state.next.height;
      case REG_STRIDE:
        return state.next.stride;
      case REG_FORMAT:
        return state.next.format;
      case REG_START:
        return state.next.start;
      case REG_BLANK:
        return state.blank ? 1 : 0;
      case REG_VBLANK_COUNT:
        return state.vblankCount;
      default:
        return 0;
    }
  }

  #write(offset: number, value: number): void {
    const { state } = this;
    if (offset >= REG_PALETTE) {
      this.#writePalette((offset - REG_PALETTE) / 4, value);
      return;
    }
    if (isCursor(offset)) writeCursor(state.cursor, offset, value);
    if (isEngine(offset)) writeEngine(state.engine, this.#memory, offset, value);
    switch (offset) {
      case REG_WIDTH:
        state.next.width = value;
        return;
      case REG_HEIGHT:
        state.next.height = value;
        return;
      case REG_STRIDE:
        state.next.stride = value;
        return;
      case REG_FORMAT:
        state.next.format = value;
        return;
      case REG_START:
        state.next.start = value;
        return;
      case REG_COMMIT:
        if (value === 1) this.#commit();
        return;
      case REG_BLANK:
        this.#changed ||= state.blank !== ((value & 1) === 1);
        state.blank = (value & 1) === 1;
        return;
    }
  }

  #writePalette(index: number, colour: number): void {
    const { palette, frame } = this.state;
    if (index >= PALETTE_COLOURS) return;
    palette[index] = colour & 0xff_ffff;
    if (frame.format === FORMAT_C8) this.#changed = true;
  }

  #commit(): void {
    const { state } = this;
    const accepted = legal(state.next, this.vramSize);
    if (accepted) this.#show({ ...state.next });
    else state.next = { ...state.frame };
    this.#setStatus(STATUS_MODE_REFUSED, !accepted);
  }

  #show(frame: Frame): void {
    this.state.frame = frame;
    this.#changed = true;
  }

  #setStatus(bit: number, on: boolean): void {
    this.state.status = on ? this.state.status | bit : this.state.status & ~bit;
  }
}
