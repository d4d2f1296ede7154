/**
 * A drawing guest: opens /dev/fb0, draws frame after frame into it, and waits for the vertical retrace after each.
 *
 *     direct:  pixels ──stores──▶ the mapped video memory
 *     copied:  pixels ──stores──▶ private memory ──write(2)──▶ the video memory
 */
import { FBIO_WAITFORVSYNC, FBIOPUTCMAP, fbCmap } from "../abi/fb.ts";
import { MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../abi/mman.ts";
import type { Pin } from "../abi/program.ts";
import type { Ramp } from "./colour.ts";
import { type DrawingOptions, describeOptions, parseOptions } from "./drawing-options.ts";
import { type Framebuffer, openFramebuffer } from "./framebuffer.ts";
import type { Guest } from "./guest.ts";
import { type Libc, program } from "./libc.ts";
import { makePixelEncoder, type PixelEncoder } from "./pixel-encoder.ts";
import { pinnedSurface, type Surface, storeSurface } from "./surface.ts";

/** Draws frame number 0, 1, … of `frames` on `surface`, which holds the frame before. */
export type Drawing = (surface: Surface, frame: number, frames: number) => void;

export interface DrawingGuest {
  readonly name: string;
  readonly summary: string;
  /** How many to draw unless --frames says otherwise. */
  readonly frames: number;
  /** What a c8 screen's palette is made of: at most 256 entries. */
  readonly ramps: readonly Ramp[];
  make(encoder: PixelEncoder, width: number, height: number): Drawing;
}

export const drawingGuest = (guest: DrawingGuest): Guest => ({
  name: guest.name,
  summary: guest.summary,
  options: describeOptions(guest.frames),
  main: program(async (c) => {
    const options = parseOptions(c.user.argv.slice(1), defaultFrames(c, guest.frames));
    if (typeof options === "string") {
      await c.printError(`${guest.name}: ${options}\n`);
      return 2;
    }
    if (options.help) {
      await c.print(`usage: ${guest.name} [option …]\n${guest.summary}\n\n${describeOptions(guest.frames)}`);
      return 0;
    }
    return draw(c, guest, options);
  }),
});

/** What the environment asks for, else the guest's own number: so the host can say how long all guests draw. */
const defaultFrames = (c: Libc, own: number): number => {
  const { FRAMES = "" } = c.user.env;
  return /^[1-9][0-9]{0,8}$/.test(FRAMES) ? Number(FRAMES) : own;
};

/** The exit status: 1 when a call failed, which perror names. */
const draw = async (c: Libc, guest: DrawingGuest, { frames, copied, pinned }: DrawingOptions): Promise<number> => {
  const fb = await openFramebuffer(c, { map: !copied });
  if (fb === -1) return failed(c, "/dev/fb0");
  const size = fb.stride * fb.height;
  const va = copied ? c.mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : fb.va;
  if (va === MAP_FAILED) return failed(c, "mmap");
  const encoder = makePixelEncoder(fb.var, guest.ramps);
  if (encoder.palette !== null && (await putPalette(c, fb, encoder.palette)) < 0) return failed(c, "FBIOPUTCMAP");
  let pin: Pin | null = null;
  if (pinned) {
    const result = c.user.pin(va, size);
    if (typeof result === "number") {
      c.errno = -result;
      return failed(c, "pin");
    }
    pin = result;
  }
  const surface = pin === null ? storeSurface(c.user, va, fb) : pinnedSurface(pin, fb);
  const drawing = guest.make(encoder, fb.width, fb.height);
  // FBIO_WAITFORVSYNC wants the address of a CRTC's number.
  const crtc = c.malloc(4);
  c.user.store32(crtc, 0);
  for (let frame = 0; frame < frames; frame++) {
    drawing(surface, frame, frames);
    if (copied && !writeFrame(c, fb.fd, va, size)) return failed(c, "write");
    if ((await c.ioctl(fb.fd, FBIO_WAITFORVSYNC, crtc)) < 0) return failed(c, "FBIO_WAITFORVSYNC");
  }
  pin?.unpin();
  c.close(fb.fd);
  return 0;
};

const failed = async (c: Libc, what: string): Promise<number> => {
  await c.perror(what);
  return 1;
};

/** Sends a frame to the start of the video memory; a write may take less than it is given. */
const writeFrame = (c: Libc, fd: number, va: number, size: number): boolean => {
  for (let done = 0; done < size; ) {
    const count = c.pwrite(fd, va + done, size - done, done);
    if (count <= 0) return false;
    done += count;
  }
  return true;
};

const putPalette = async (c: Libc, { fd }: Framebuffer, palette: Uint32Array): Promise<number> => {
  const entries = palette.length;
  const va = c.malloc(6 * entries);
  const channels = { red: va, green: va + 2 * entries, blue: va + 4 * entries };
  for (const [i, colour] of palette.entries()) {
    // 16 bits a channel: 0xff is 0xffff.
    c.user.store16(channels.red + 2 * i, (colour >> 16) * 0x101);
    c.user.store16(channels.green + 2 * i, ((colour >> 8) & 0xff) * 0x101);
    c.user.store16(channels.blue + 2 * i, (colour & 0xff) * 0x101);
  }
  const result = await c.ioctlStruct(fd, FBIOPUTCMAP, fbCmap, { start: 0, len: entries, ...channels });
  c.free(va);
  return result === -1 ? -1 : 0;
};
