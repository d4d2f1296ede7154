/** How what was drawn gets onto the screen. guests/c/bench/methods.c is its twin. */
import type { Libc } from "../libc.ts";
import type { Rectangle, Shape } from "./canvas.ts";

export const methodNames = ["direct", "engine", "write", "rows", "memcpy", "shadow", "poke", "draw", "call"] as const;
export type MethodName = (typeof methodNames)[number];

/** Draws into the map: nothing is sent. */
export const isDirect = (method: MethodName): boolean => method === "direct" || method === "engine";

export interface Screen extends Shape {
  readonly c: Libc;
  /** /dev/fb0. */
  readonly fd: number;
  /** The frame that was drawn on: the map, or private memory. */
  readonly va: number;
  /** memcpy of `length` bytes at `offset` from the private frame to the same place of the map. */
  copyToMap(offset: number, length: number): void;
}

/** Sends what was drawn; `damage` is where it differs from what was sent last. */
export type Send = (damage: readonly Rectangle[]) => void;

/** All `length` bytes at `offset`, by as few calls as the kernel takes. @throws Error when a call fails. */
const put = ({ c, fd, va }: Screen, offset: number, length: number): void => {
  for (let done = 0; done < length; ) {
    const count = c.pwrite(fd, va + offset + done, length - done, offset + done);
    if (count <= 0) throw new Error(`pwrite: errno ${c.errno}`);
    done += count;
  }
};

/** One frame by one call. */
export const sendFrame = (screen: Screen): void => put(screen, 0, screen.width * screen.height * screen.bytesPerPixel);

/** Calls `visit` for each row of the rectangle, or once for all of them when they follow each other. */
const eachRow = (screen: Screen, at: Rectangle, visit: (offset: number, length: number) => void): void => {
  const { width, bytesPerPixel } = screen;
  const stride = width * bytesPerPixel;
  const first = at.y * stride + at.x * bytesPerPixel;
  if (at.width === width) visit(first, at.height * stride);
  else for (let y = 0; y < at.height; y++) visit(first + y * stride, at.width * bytesPerPixel);
};

export const methods: Readonly<Record<MethodName, (screen: Screen) => Send>> = {
  direct: () => () => {},
  engine: () => () => {},
  write: (screen) => () => sendFrame(screen),
  rows: (screen) => () => {
    const stride = screen.width * screen.bytesPerPixel;
    for (let y = 0; y < screen.height; y++) put(screen, y * stride, stride);
  },
  memcpy: (screen) => () => screen.copyToMap(0, screen.width * screen.height * screen.bytesPerPixel),
  shadow: (screen) => (damage) => {
    for (const at of damage) eachRow(screen, at, screen.copyToMap);
  },
  poke: (screen) => (damage) => {
    const { bytesPerPixel: size } = screen;
    for (const at of damage) {
      eachRow(screen, at, (offset, length) => {
        for (let done = 0; done < length; done += size) put(screen, offset + done, size);
      });
    }
  },
  draw: () => () => {},
  call: (screen) => () => {
    if (screen.c.pwrite(screen.fd, screen.va, 0, 0) !== 0) throw new Error(`pwrite: errno ${screen.c.errno}`);
  },
};
