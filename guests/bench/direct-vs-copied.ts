/**
 * The benchmark's TypeScript program: draws a scene, frame after frame, into the mapped video memory or into a private
 * frame that a method then copies. guests/c/bench/main.c is its twin on the hart.
 */
import { MADV_DONTNEED, MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import type { Pin, Program } from "../../abi/program.ts";
import { Engine } from "../engine.ts";
import { type Framebuffer, openFramebuffer } from "../framebuffer.ts";
import { type Libc, program } from "../libc.ts";
import {
  acceleratedCanvas,
  type Canvas,
  type Rectangle,
  type Shape,
  userCanvas,
  viewCanvas,
  viewOf,
} from "./canvas.ts";
import { isDirect, type MethodName, methods, type Screen, sendFrame } from "./methods.ts";
import { type SceneName, scenes } from "./scenes.ts";

/** How the program reaches memory: through views on pinned pages, or by loads and stores through the MMU. */
export type Path = "views" | "mmu";

export interface Job {
  readonly path: Path;
  readonly scene: SceneName;
  readonly method: MethodName;
  /** Pixels that the scene "sweep" touches. */
  readonly sweep: Pick<Rectangle, "width" | "height">;
}

/** Called once the first picture is shown, with what draws frame n. The program ends when its promise does. */
export type Session = (frame: (n: number) => void) => Promise<void>;

/** @throws Error, as the program's end, when a call fails. */
export const directVsCopied = (job: Job, session: Session): Program =>
  program(async (c) => {
    const fb = await openFramebuffer(c);
    if (fb === -1) throw new Error(`/dev/fb0: errno ${c.errno}`);
    const { width, height, bytesPerPixel } = fb;
    if (fb.stride !== width * bytesPerPixel) throw new Error(`rows of ${fb.stride} bytes for ${width} pixels`);
    const shape: Shape = { width, height, bytesPerPixel };
    const make = job.path === "views" ? viewFrames : userFrames;
    const frames = make(c, fb.va, shape, isDirect(job.method));
    const screen: Screen = { ...shape, c, fd: fb.fd, va: frames.va, copyToMap: frames.copyToMap };
    const canvas = job.method === "engine" ? accelerated(c, fb, frames.canvas) : frames.canvas;
    const scene = scenes[job.scene](canvas, job.sweep);
    const send = methods[job.method](screen);
    scene.start();
    if (!isDirect(job.method)) sendFrame(screen);
    await session((n) => send(scene.frame(n)));
    return 0;
  });

const accelerated = (c: Libc, fb: Framebuffer, canvas: Canvas): Canvas => {
  const engine = Engine.open(c, fb);
  if (engine === -1) throw new Error(`mmap of the engine: errno ${c.errno}`);
  return acceleratedCanvas(canvas, engine);
};

interface Frames {
  readonly va: number;
  readonly canvas: Canvas;
  readonly copyToMap: Screen["copyToMap"];
}

const sizeOf = ({ width, height, bytesPerPixel }: Shape): number => width * height * bytesPerPixel;

const userFrames = (c: Libc, map: number, shape: Shape, direct: boolean): Frames => {
  const va = direct ? map : allocate(c, sizeOf(shape));
  return {
    va,
    canvas: userCanvas(c.user, va, shape),
    copyToMap: (offset, length) => c.user.copy(map + offset, va + offset, length),
  };
};

const viewFrames = (c: Libc, map: number, shape: Shape, direct: boolean): Frames => {
  const size = sizeOf(shape);
  // Writable video memory that is pinned counts as written in every frame: only who stores into it pins it.
  const video = pin(c, map, size);
  if (direct) return { va: map, canvas: viewCanvas(viewOf(video, shape), shape), copyToMap: () => {} };
  const { va, pages } = pinInOnePiece(c, size);
  const [from, to] = [pages.u8, video.u8];
  return {
    va,
    canvas: viewCanvas(viewOf(pages, shape), shape),
    copyToMap(offset, length) {
      to.set(from.subarray(offset, offset + length), offset);
    },
  };
};

const PIECE = 0x20_0000;

/**
 * Private pages that follow each other in memory too, so that a view can show them. Pages of a fresh machine are given
 * out in order; only the page tables, one for every 2 MiB, come between. So those are made first: they stay when the
 * page that each was made for is given back.
 */
const pinInOnePiece = (c: Libc, size: number): { va: number; pages: Pin } => {
  const room = size + PIECE;
  const start = allocate(c, room);
  for (let at = 0; at < room; at += PIECE) c.user.store8(start + at, 0);
  c.user.store8(start + room - 1, 0);
  c.madvise(start, room, MADV_DONTNEED);
  const whole = pin(c, start, room);
  let va = start;
  for (const run of whole.runs) {
    if (run.length >= size) {
      whole.unpin();
      return { va, pages: pin(c, va, size) };
    }
    va += run.length;
  }
  throw new Error(`no ${size} bytes of RAM in one piece`);
};

const allocate = (c: Libc, size: number): number => {
  const va = c.mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (va === MAP_FAILED) throw new Error(`mmap of ${size} bytes: errno ${c.errno}`);
  return va;
};

const pin = (c: Libc, va: number, size: number): Pin => {
  const pages = c.user.pin(va, size);
  if (typeof pages === "number") throw new Error(`pin of ${size} bytes: errno ${-pages}`);
  return pages;
};
