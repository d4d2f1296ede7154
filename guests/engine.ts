/**
 * The video card's 2D engine as a program drives it: the card's register page is mapped behind the video memory, and a
 * rectangle is a few plain stores (docs/video-card.md). All rectangles are on the screen's surface: pixel (0, 0) is the
 * first of video memory, and rows go on below the visible ones.
 */
import { MAP_FAILED, MAP_SHARED, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import type { User } from "../abi/program.ts";
import type { Framebuffer } from "./framebuffer.ts";
import type { Libc } from "./libc.ts";

const COMMAND = 0x80;
const STATUS = 0x84;
const PIXEL_SIZE = 0x8c;
const COLOUR = 0x90;
const TARGET_BASE = 0x94;
const TARGET_PITCH = 0x98;
const TARGET_POSITION = 0x9c;
const SOURCE_BASE = 0xa0;
const SOURCE_PITCH = 0xa4;
const SOURCE_POSITION = 0xa8;
const SIZE = 0xac;
const CLIP_START = 0xb0;
const CLIP_END = 0xb4;
const FILL = 1;
const COPY = 2;
const STATUS_REFUSED = 2;
const PAGE = 4096;

/** x in the low half, y in the high one. */
const pair = (x: number, y: number): number => ((x & 0xffff) | (y << 16)) >>> 0;

/** What both ways of drawing a rectangle can do. */
export interface Rectangles {
  fill(x: number, y: number, width: number, height: number, pixel: number): void;
  /** To (x, y), from (fromX, fromY). They may overlap. */
  copy(x: number, y: number, fromX: number, fromY: number, width: number, height: number): void;
  /** From now on only pixels of [left, right) × [top, bottom) are written. */
  clip(left: number, top: number, right: number, bottom: number): void;
}

export class Engine implements Rectangles {
  readonly #user: User;
  readonly #registers: number;

  /** Maps the registers and sets the engine to the screen's surface; -1 with errno when mmap fails. */
  static open(c: Libc, fb: Framebuffer): Engine | -1 {
    const offset = Math.ceil(fb.size / PAGE) * PAGE;
    const registers = c.mmap(0, fb.fix.mmio_len, PROT_READ | PROT_WRITE, MAP_SHARED, fb.fd, offset);
    if (registers === MAP_FAILED) return -1;
    const engine = new Engine(c.user, registers);
    for (const [base, pitch] of [
      [TARGET_BASE, TARGET_PITCH],
      [SOURCE_BASE, SOURCE_PITCH],
    ] as const) {
      engine.#store(base, 0);
      engine.#store(pitch, fb.stride);
    }
    engine.#store(PIXEL_SIZE, fb.bytesPerPixel);
    return engine;
  }

  private constructor(user: User, registers: number) {
    this.#user = user;
    this.#registers = registers;
  }

  /** Did the engine refuse the last command: does it reach out of video memory? */
  get isRefused(): boolean {
    return (this.#user.load32(this.#registers + STATUS) & STATUS_REFUSED) !== 0;
  }

  fill(x: number, y: number, width: number, height: number, pixel: number): void {
    this.#store(COLOUR, pixel);
    this.#run(FILL, x, y, width, height);
  }

  copy(x: number, y: number, fromX: number, fromY: number, width: number, height: number): void {
    this.#store(SOURCE_POSITION, pair(fromX, fromY));
    this.#run(COPY, x, y, width, height);
  }

  clip(left: number, top: number, right: number, bottom: number): void {
    this.#store(CLIP_START, pair(left, top));
    this.#store(CLIP_END, pair(right, bottom));
  }

  #run(command: number, x: number, y: number, width: number, height: number): void {
    this.#store(TARGET_POSITION, pair(x, y));
    this.#store(SIZE, pair(width, height));
    this.#store(COMMAND, command);
  }

  #store(offset: number, value: number): void {
    this.#user.store32(this.#registers + offset, value);
  }
}
