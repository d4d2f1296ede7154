/**
 * Paints where the pointer is pressed, or the finger. Colours lie along the upper edge; the keys 1 to 8 choose one too, c
 * clears the screen, q and Escape end. The picture is stored into the mapped video memory; pointer and keys are read from
 * /dev/input. guests/c/touch-paint.c is its twin in C.
 */
import { O_NONBLOCK, O_RDONLY } from "../abi/fcntl.ts";
import {
  EV_ABS,
  EV_KEY,
  EV_SYN,
  EVIOCGABS,
  EVIOCGRAB,
  type InputEvent,
  inputAbsinfo,
  inputEvent,
} from "../abi/input.ts";
import { ABS_X, ABS_Y, BTN_LEFT, BTN_TOUCH, KEY_1, KEY_8, KEY_C, KEY_ESC, KEY_Q } from "../abi/input-event-codes.ts";
import { KD_GRAPHICS, KD_TEXT, KDSETMODE } from "../abi/ioctl.ts";
import { POLLIN } from "../abi/poll.ts";
import { type Framebuffer, openFramebuffer } from "./framebuffer.ts";
import type { Guest } from "./guest.ts";
import { type Libc, program } from "./libc.ts";
import { vgaPixel } from "./vga-colours.ts";

/** VGA's numbers. */
const COLOURS = [15, 12, 14, 10, 11, 9, 13, 0];
const BACKGROUND = 0;
/** Lines of the colours at the upper edge. */
const STRIP = 16;
/** The brush: places this far from its middle, squared. */
const BRUSH = 10;
const BRUSH_REACH = 3;
/** Events that are read at a time. */
const BATCH = 64;

class Canvas {
  readonly #c: Libc;
  readonly fb: Framebuffer;

  constructor(c: Libc, fb: Framebuffer) {
    this.#c = c;
    this.fb = fb;
  }

  fill(left: number, top: number, right: number, bottom: number, colour: number): void {
    const { user } = this.#c;
    const { va, stride, bytesPerPixel } = this.fb;
    const pixel = vgaPixel(this.fb, colour);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = va + y * stride + x * bytesPerPixel;
        if (bytesPerPixel === 4) user.store32(at, pixel);
        else if (bytesPerPixel === 2) user.store16(at, pixel);
        else user.store8(at, pixel);
      }
    }
  }

  /** One touch of the brush; never above the strip. */
  dab(x: number, y: number, colour: number): void {
    const { width, height } = this.fb;
    for (let dy = -BRUSH_REACH; dy <= BRUSH_REACH; dy++) {
      const row = y + dy;
      if (row < STRIP || row >= height) continue;
      let reach = 0;
      while ((reach + 1) * (reach + 1) + dy * dy <= BRUSH) reach++;
      this.fill(Math.max(0, x - reach), row, Math.min(width, x + reach + 1), row + 1, colour);
    }
  }

  line(x0: number, y0: number, x1: number, y1: number, colour: number): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; i++) {
      this.dab(x0 + Math.trunc(((x1 - x0) * i) / steps), y0 + Math.trunc(((y1 - y0) * i) / steps), colour);
    }
  }

  clear(chosen: number): void {
    const { width, height } = this.fb;
    this.fill(0, 0, width, height, BACKGROUND);
    this.strip(chosen);
  }

  /** The colours; the chosen one is higher than the others. */
  strip(chosen: number): void {
    const { width } = this.fb;
    for (const [i, colour] of COLOURS.entries()) {
      const left = Math.trunc((i * width) / COLOURS.length);
      const right = Math.trunc(((i + 1) * width) / COLOURS.length);
      this.fill(left, 0, right, STRIP, BACKGROUND);
      this.fill(left + 1, i === chosen ? 0 : 6, right - 1, STRIP - 2, colour);
    }
  }
}

class Painter {
  readonly #canvas: Canvas;
  readonly #range: { x: number; y: number };
  isDone = false;
  #colour = 0;
  #x = 0;
  #y = 0;
  #pressed = false;
  /** Where the brush was in the last packet, when it was down. */
  #last: readonly [x: number, y: number] | null = null;

  /** `range`: one more than the highest value of each axis, which begin at 0. */
  constructor(canvas: Canvas, range: { x: number; y: number }) {
    this.#canvas = canvas;
    this.#range = range;
    canvas.clear(this.#colour);
  }

  pointer({ type, code, value }: InputEvent): void {
    const { width, height } = this.#canvas.fb;
    if (type === EV_ABS && code === ABS_X) this.#x = Math.trunc((value * width) / this.#range.x);
    else if (type === EV_ABS && code === ABS_Y) this.#y = Math.trunc((value * height) / this.#range.y);
    else if (type === EV_KEY && (code === BTN_LEFT || code === BTN_TOUCH)) this.#pressed = value !== 0;
    else if (type === EV_SYN) this.#packet();
  }

  /** All that belongs together is known. */
  #packet(): void {
    if (!this.#pressed) {
      this.#last = null;
      return;
    }
    if (this.#last === null && this.#y < STRIP) {
      this.#choose(Math.trunc((this.#x * COLOURS.length) / this.#canvas.fb.width));
      return;
    }
    const [x, y] = this.#last ?? [this.#x, this.#y];
    this.#canvas.line(x, y, this.#x, this.#y, COLOURS[this.#colour]!);
    this.#last = [this.#x, this.#y];
  }

  key({ type, code, value }: InputEvent): void {
    if (type !== EV_KEY || value !== 1) return;
    if (code >= KEY_1 && code <= KEY_8) this.#choose(code - KEY_1);
    else if (code === KEY_C) this.#canvas.clear(this.#colour);
    else if (code === KEY_Q || code === KEY_ESC) this.isDone = true;
  }

  #choose(colour: number): void {
    this.#colour = colour;
    this.#canvas.strip(colour);
  }
}

/** Takes what is in a device's queue. */
const drain = async (c: Libc, fd: number, take: (event: InputEvent) => void): Promise<void> => {
  const bytes = await c.readBytes(fd, BATCH * inputEvent.size);
  if (bytes === -1) return;
  for (let at = 0; at < bytes.length; at += inputEvent.size) take(inputEvent.read(bytes, at));
};

const paint = async (c: Libc): Promise<number> => {
  const fb = await openFramebuffer(c);
  if (fb === -1) return failed(c, "/dev/fb0");
  const keyboard = await c.open("/dev/input/event0", O_RDONLY | O_NONBLOCK);
  if (keyboard < 0) return failed(c, "/dev/input/event0");
  const pointer = await c.open("/dev/input/event1", O_RDONLY | O_NONBLOCK);
  if (pointer < 0) return failed(c, "/dev/input/event1");
  const x = await c.ioctlStruct(pointer, EVIOCGABS(ABS_X), inputAbsinfo);
  const y = await c.ioctlStruct(pointer, EVIOCGABS(ABS_Y), inputAbsinfo);
  if (x === -1 || y === -1) return failed(c, "EVIOCGABS");
  // On a console, that one must not paint now, and the keys are not for it.
  await c.ioctl(0, KDSETMODE, KD_GRAPHICS);
  await c.ioctl(keyboard, EVIOCGRAB, 1);
  const painter = new Painter(new Canvas(c, fb), { x: x.maximum + 1, y: y.maximum + 1 });
  const fds = [pointer, keyboard].map((fd) => ({ fd, events: POLLIN, revents: 0 }));
  while (!painter.isDone && (await c.poll(fds, -1)) >= 0) {
    if (fds[0]!.revents !== 0) await drain(c, pointer, (event) => painter.pointer(event));
    if (fds[1]!.revents !== 0) await drain(c, keyboard, (event) => painter.key(event));
  }
  await c.ioctl(0, KDSETMODE, KD_TEXT);
  return 0;
};

const failed = async (c: Libc, what: string): Promise<number> => {
  await c.perror(what);
  return 1;
};

export const touchPaint: Guest = {
  name: "touch-paint",
  summary: "paints where the pointer is pressed; 1 to 8 are colours, c clears, q ends",
  main: program(paint),
};
