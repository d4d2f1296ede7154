/**
 * Rectangles and nothing else: stripes that scroll up, and tiles that wander over them inside a frame. By the video card's
 * 2D engine, or, with --stores, by loads and stores of video memory: the picture is the same. guests/c/blit.c is its twin.
 */
import { ENOSPC } from "../abi/errno.ts";
import { FBIO_WAITFORVSYNC } from "../abi/fb.ts";
import { Engine, type Rectangles } from "./engine.ts";
import { type Framebuffer, openFramebuffer } from "./framebuffer.ts";
import type { Guest } from "./guest.ts";
import { type Libc, program } from "./libc.ts";
import { StoreRectangles } from "./store-rectangles.ts";
import { vgaPixel } from "./vga-colours.ts";

/** Pixels each way of a tile; it lies in video memory below the screen. */
const TILE = 32;
const TILES = 6;
/** Lines that the stripes go up in a frame, and how many make one. */
const STEP = 2;
const STRIPE = 12;
/** Pixels around the picture where no tile goes. */
const FRAME = 8;
const FRAMES = 60;
const NAME = "blit";

/** Four quarters in different colours. */
const drawTile = (r: Rectangles, fb: Framebuffer): void => {
  const half = TILE / 2;
  for (const [i, colour] of [14, 12, 9, 10].entries()) {
    r.fill((i & 1) * half, fb.height + (i >> 1) * half, half, half, vgaPixel(fb, colour));
  }
  r.fill(half / 2, fb.height + half / 2, half, half, vgaPixel(fb, 15));
};

/** Colour of the line that is the n-th from the beginning. */
const lineColour = (n: number): number => 1 + (Math.trunc(n / STRIPE) % 6);

/** Where a tile is: there and back over `room` places, edges that are cut off included. */
const wander = (time: number, room: number): number => {
  const turn = 2 * room;
  const at = time % turn;
  return FRAME - TILE / 2 + (at < room ? at : turn - at);
};

const drawFrame = (r: Rectangles, fb: Framebuffer, frame: number): void => {
  const { width, height } = fb;
  r.clip(0, 0, width, height);
  if (frame === 0) {
    for (let y = 0; y < height; y++) r.fill(0, y, width, 1, vgaPixel(fb, lineColour(y)));
  } else {
    r.copy(0, 0, 0, STEP, width, height - STEP);
    for (let y = height - STEP; y < height; y++) {
      r.fill(0, y, width, 1, vgaPixel(fb, lineColour(frame * STEP + y)));
    }
  }
  r.clip(FRAME, FRAME, width - FRAME, height - FRAME);
  for (let i = 0; i < TILES; i++) {
    const x = wander(frame * (3 + i) + i * 53, width - 2 * FRAME);
    const y = wander(frame * (2 + (i % 3)) + i * 37, height - 2 * FRAME);
    r.copy(x, y, 0, height, TILE, TILE);
  }
};

/** Frames, and whether by stores; null for arguments that say nothing. */
const parse = (args: readonly string[]): { frames: number; stores: boolean } | null => {
  const options = { frames: FRAMES, stores: false };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--stores") options.stores = true;
    else if (args[i] === "--frames" && /^[1-9][0-9]{0,8}$/.test(args[i + 1] ?? "")) options.frames = Number(args[++i]);
    else return null;
  }
  return options;
};

const main = async (c: Libc): Promise<number> => {
  const options = parse(c.user.argv.slice(1));
  if (options === null) {
    await c.printError(`usage: ${NAME} [--stores] [--frames N]\n`);
    return 2;
  }
  const fb = await openFramebuffer(c);
  if (fb === -1) return failed(c, "/dev/fb0");
  if ((fb.height + TILE) * fb.stride > fb.size || fb.width < TILE) {
    c.errno = ENOSPC;
    return failed(c, "video memory");
  }
  const r = options.stores ? new StoreRectangles(c.user, fb) : Engine.open(c, fb);
  if (r === -1) return failed(c, "registers");
  drawTile(r, fb);
  for (let frame = 0; frame < options.frames; frame++) {
    drawFrame(r, fb, frame);
    if ((await c.ioctl(fb.fd, FBIO_WAITFORVSYNC)) < 0) return failed(c, "FBIO_WAITFORVSYNC");
  }
  return 0;
};

const failed = async (c: Libc, what: string): Promise<number> => {
  await c.perror(what);
  return 1;
};

export const blit: Guest = {
  name: NAME,
  summary: "rectangles by the card's 2D engine: stripes that scroll, tiles that wander",
  options: `--frames N  draw N frames (${FRAMES} unless said otherwise)\n--stores    draw by stores into video memory instead\n`,
  main: program(main),
};
