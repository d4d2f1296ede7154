/** The machine's display: what the screen shows, for whoever looks. */
import type { Computer } from "../computer.ts";
import { formatName } from "../display/mode.ts";
import { copyPicture, type Picture } from "../display/picture.ts";
import { streamPNG } from "../display/png-stream.ts";
import { ScanoutError } from "./error.ts";

/** What is new on the screen since the last look. */
export interface Damage {
  /** Rows [top, bottom) may differ. */
  readonly top: number;
  readonly bottom: number;
}

export interface ScreenFrame extends Damage {
  /** Vertical blanks since power-on, modulo 2^32. */
  readonly number: number;
  /** The machine's time, in nanoseconds. */
  readonly time: number;
  /** A live view: the next frame is written into it. copyPicture keeps one. */
  readonly picture: Picture;
}

export type ScreenCanvas = HTMLCanvasElement | OffscreenCanvas;

/** Somebody who looks: the rows that are new to him. */
interface Viewer {
  top: number;
  bottom: number;
  /** Told at a vertical blank at which there is something new; true: he has taken it. */
  show(frame: ScreenFrame): boolean;
}

const NOTHING = { top: Number.POSITIVE_INFINITY, bottom: 0 };

export class Screen {
  readonly #computer: Computer;
  readonly #alive: () => void;
  readonly #viewers = new Set<Viewer>();
  /** Who calls takeDamage(). */
  readonly #caller: Viewer = { ...NOTHING, show: () => false };
  readonly #ends = new Set<() => void>();

  /** `alive` throws once the machine is disposed of. */
  constructor(computer: Computer, alive: () => void) {
    this.#computer = computer;
    this.#alive = alive;
  }

  /** Pixels. A program may set another mode at any time. */
  get width(): number {
    return this.#computer.card.state.frame.width;
  }

  get height(): number {
    return this.#computer.card.state.frame.height;
  }

  /** xrgb8888, xbgr8888, rgb565 or c8: how the pixels lie in video memory. */
  get format(): string {
    return formatName(this.#computer.card.state.frame.format);
  }

  /** What the screen shows now: R, G, B, A bytes, row after row. A live view, good until the next look or frame. */
  get pixels(): Uint8ClampedArray<ArrayBuffer> {
    return this.#look().data;
  }

  /** The same with its size; a picture of its own bytes. */
  get picture(): Picture {
    return copyPicture(this.#look());
  }

  /** Rows that changed since the last call, and `pixels` shows now; null: none. */
  takeDamage(): Damage | null {
    this.#look();
    return take(this.#caller);
  }

  /** The screen as a PNG file. */
  async toPNG(): Promise<Uint8Array<ArrayBuffer>> {
    return await streamPNG(this.picture);
  }

  /**
   * A frame for each vertical blank at which something is new, until the loop is left or the machine disposed of. Who
   * takes longer than a frame misses some; the next one he gets has what changed in all of them.
   */
  frames(): AsyncIterableIterator<ScreenFrame, undefined> {
    this.#alive();
    type Result = IteratorResult<ScreenFrame, undefined>;
    const waiting: ((result: Result) => void)[] = [];
    const viewer: Viewer = {
      ...NOTHING,
      show: (frame) => {
        const reader = waiting.shift();
        reader?.({ done: false, value: frame });
        return reader !== undefined;
      },
    };
    const end = (): Result => {
      this.#viewers.delete(viewer);
      this.#ends.delete(end);
      for (const reader of waiting.splice(0)) reader({ done: true, value: undefined });
      return { done: true, value: undefined };
    };
    this.#viewers.add(viewer);
    this.#ends.add(end);
    const isOver = (): boolean => !this.#viewers.has(viewer);
    return {
      next: () => (isOver() ? Promise.resolve(end()) : new Promise<Result>((resolve) => waiting.push(resolve))),
      return: async () => end(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Calls `show` at each vblank at which something is new, the first time with the whole picture. What comes back ends it. */
  watch(show: (frame: ScreenFrame) => void): () => void {
    this.#alive();
    const viewer: Viewer = {
      ...NOTHING,
      show: (frame) => {
        show(frame);
        return true;
      },
    };
    this.#viewers.add(viewer);
    add(viewer, 0, this.#look().height);
    return () => this.#viewers.delete(viewer);
  }

  /**
   * Draws every frame on a canvas, which gets the screen's size. What comes back ends it.
   * @throws ScanoutError (EHOST) when the canvas has no 2D context.
   */
  attach(canvas: ScreenCanvas): () => void {
    this.#alive();
    const context = canvas.getContext("2d", { alpha: false }) as OffscreenCanvasRenderingContext2D | null;
    if (context === null) throw new ScanoutError("EHOST", "attach: the canvas has no 2D context");
    let shown: { picture: Picture; image: ImageData } | null = null;
    const viewer: Viewer = {
      ...NOTHING,
      show: ({ picture, top, bottom }) => {
        if (shown?.picture !== picture) {
          shown = { picture, image: new ImageData(picture.data, picture.width, picture.height) };
          // Setting the size, even to what it was, empties a canvas.
          if (canvas.width !== picture.width) canvas.width = picture.width;
          if (canvas.height !== picture.height) canvas.height = picture.height;
        }
        context.putImageData(shown.image, 0, 0, 0, top, picture.width, bottom - top);
        return true;
      },
    };
    this.#viewers.add(viewer);
    const picture = this.#look();
    take(viewer);
    viewer.show({ ...this.#frame(picture), top: 0, bottom: picture.height });
    return () => this.#viewers.delete(viewer);
  }

  /** The machine calls it at a vertical blank, and when it pauses. True: somebody was shown something. */
  show(): boolean {
    if (this.#viewers.size === 0) return false;
    const picture = this.#look();
    let shown = false;
    for (const viewer of this.#viewers) {
      if (viewer.top >= viewer.bottom || !viewer.show({ ...this.#frame(picture), ...rows(viewer) })) continue;
      take(viewer);
      shown = true;
    }
    return shown;
  }

  /** The machine is disposed of. */
  end(): void {
    for (const end of [...this.#ends]) end();
    this.#viewers.clear();
  }

  #frame(picture: Picture): { number: number; time: number; picture: Picture } {
    const { card, kernel } = this.#computer;
    return { number: card.state.vblankCount, time: kernel.clock.now, picture };
  }

  #look(): Picture {
    this.#alive();
    const { picture, top, bottom, changed } = this.#computer.frame();
    if (changed) for (const viewer of [this.#caller, ...this.#viewers]) add(viewer, top, bottom);
    return picture;
  }
}

const rows = ({ top, bottom }: Viewer): Damage => ({ top, bottom });

const add = (viewer: Viewer, top: number, bottom: number): void => {
  viewer.top = Math.min(viewer.top, top);
  viewer.bottom = Math.max(viewer.bottom, bottom);
};

const take = (viewer: Viewer): Damage | null => {
  const damage = viewer.top < viewer.bottom ? rows(viewer) : null;
  Object.assign(viewer, NOTHING);
  return damage;
};
