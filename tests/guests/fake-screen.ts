/** A FakeUser with a video card behind /dev/fb0: descriptor 3, mapped at one place, and a picture to look at. */
import { ENOTTY } from "../../abi/errno.ts";
import {
  FBIO_WAITFORVSYNC,
  FBIOGET_FSCREENINFO,
  FBIOGET_VSCREENINFO,
  FBIOPUTCMAP,
  fbCmap,
  fbFixScreeninfo,
  fbVarScreeninfo,
} from "../../abi/fb.ts";
import type { Pin } from "../../abi/program.ts";
import { SYS_close, SYS_ioctl, SYS_mmap, SYS_openat, SYS_pwrite64, SYS_write } from "../../abi/syscalls.ts";
import type { Guest } from "../../guests/index.ts";
import { FakeUser } from "./fake-user.ts";

const channel = (offset: number, length: number) => ({ offset, length, msb_right: 0 });
const rgb = (bits_per_pixel: number, red: [number, number], green: [number, number], blue: [number, number]) => ({
  bits_per_pixel,
  red: channel(...red),
  green: channel(...green),
  blue: channel(...blue),
});

/** The modes, as linux/fb.h describes them. */
export const FORMATS = {
  xrgb8888: rgb(32, [16, 8], [8, 8], [0, 8]),
  xbgr8888: rgb(32, [0, 8], [8, 8], [16, 8]),
  rgb565: rgb(16, [11, 5], [5, 6], [0, 5]),
  c8: rgb(8, [0, 8], [0, 8], [0, 8]),
};
export type Format = keyof typeof FORMATS;

const FB = 3;
const VIDEO_VA = 0x3e_0000_0000;
const PAGE = 4096;

export interface ScreenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly format?: Format;
  /** What a system call gives in place of its result. */
  readonly failing?: Readonly<Record<number, number>>;
  /** The most that one write takes. */
  readonly writeLimit?: number;
}

export class FakeScreen extends FakeUser {
  override readonly argv: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly format: Format;
  readonly stride: number;
  /** What was written to standard output and standard error. */
  readonly output: [string, string] = ["", ""];
  /** Bytes of video memory at each vertical retrace waited for. */
  readonly frames: Uint8Array[] = [];
  palette: number[][] = [];
  pinned = 0;

  constructor(argv: readonly string[], options: ScreenOptions = {}) {
    const { failing = {}, writeLimit = Number.POSITIVE_INFINITY } = options;
    const or = <A extends unknown[]>(nr: number, answer: (...args: A) => number) => {
      const error = failing[nr];
      return error === undefined ? answer : () => error;
    };
    super({
      [SYS_openat]: or(SYS_openat, () => FB),
      [SYS_close]: () => 0,
      [SYS_mmap]: or(
        SYS_mmap,
        (_user: FakeUser, _va?: number, length?: number, _p?: number, _f?: number, fd?: number) =>
          fd === FB ? VIDEO_VA : this.#private(length!),
      ),
      [SYS_ioctl]: or(SYS_ioctl, (_user: FakeUser, _fd?: number, command?: number, va?: number) =>
        this.#ioctl(command!, va!),
      ),
      [SYS_pwrite64]: or(
        SYS_pwrite64,
        (_user: FakeUser, _fd?: number, va?: number, length?: number, offset?: number) => {
          const count = Math.min(length!, writeLimit);
          this.copy(VIDEO_VA + offset!, va!, count);
          return count;
        },
      ),
      [SYS_write]: (_user: FakeUser, fd?: number, va?: number, count?: number) => {
        this.output[fd === 2 ? 1 : 0] += new TextDecoder().decode(this.read(va!, count!));
        return count!;
      },
    });
    this.argv = argv;
    this.width = options.width ?? 64;
    this.height = options.height ?? 48;
    this.format = options.format ?? "xrgb8888";
    // A line that is longer than its pixels.
    this.stride = (this.width * FORMATS[this.format].bits_per_pixel) / 8 + 16;
  }

  #mapped = 0x3f_8000_0000;
  #private(length: number): number {
    const va = this.#mapped;
    this.#mapped += Math.ceil(length / PAGE) * PAGE;
    return va;
  }

  #ioctl(command: number, va: number): number {
    const { width, height, stride } = this;
    const mode = { xres: width, yres: height, ...FORMATS[this.format] };
    const size = Math.ceil((stride * height) / PAGE) * PAGE;
    if (command === FBIOGET_VSCREENINFO) this.write(va, fbVarScreeninfo.encode(mode));
    else if (command === FBIOGET_FSCREENINFO)
      this.write(va, fbFixScreeninfo.encode({ smem_len: size, line_length: stride }));
    else if (command === FBIOPUTCMAP) this.#putPalette(va);
    else if (command === FBIO_WAITFORVSYNC) this.frames.push(this.video());
    else return -ENOTTY;
    return 0;
  }

  #putPalette(va: number): void {
    const { start, len, red, green, blue } = fbCmap.read(this.read(va, fbCmap.size));
    for (let i = 0; i < len; i++) {
      this.palette[start + i] = [red, green, blue].map((channel) => this.load16(channel + 2 * i) >> 8);
    }
  }

  /** Each page is a run of its own: no two are neighbours in the host's memory. */
  override pin(va: number, length: number): Pin {
    this.pinned++;
    this.fill(va, 0, length);
    const runs = Array.from({ length: Math.ceil(length / PAGE) }, (_, i) =>
      this.memory()
        .get(va / PAGE + i)!
        .subarray(0, Math.min(PAGE, length - i * PAGE)),
    );
    const none = (): never => {
      throw new RangeError("its pages are not contiguous");
    };
    return {
      runs,
      get u8(): Uint8Array {
        return none();
      },
      get u16(): Uint16Array {
        return none();
      },
      get u32(): Uint32Array {
        return none();
      },
      unpin: () => void this.pinned--,
    };
  }

  /** The visible bytes of video memory, line after line, without what lies between them. */
  video(): Uint8Array {
    const line = this.stride - 16;
    const bytes = new Uint8Array(line * this.height);
    for (let y = 0; y < this.height; y++) bytes.set(this.read(VIDEO_VA + y * this.stride, line), y * line);
    return bytes;
  }

  /** Red, green, blue of what a screen shows of these bytes. */
  shown(bytes: Uint8Array): Uint8Array {
    const { bits_per_pixel, red, green, blue } = FORMATS[this.format];
    const size = bits_per_pixel / 8;
    const shown = new Uint8Array((bytes.length / size) * 3);
    for (let i = 0; i < bytes.length / size; i++) {
      let value = 0;
      for (let k = size - 1; k >= 0; k--) value = value * 256 + bytes[i * size + k]!;
      const colour =
        this.format === "c8"
          ? this.palette[value]!
          : [red, green, blue].map(({ offset, length }) => {
              const top = 2 ** length - 1;
              return Math.round((Math.floor(value / 2 ** offset) % (top + 1)) * (255 / top));
            });
      shown.set(colour, 3 * i);
    }
    return shown;
  }

  /** Runs a guest on this screen: its exit status. */
  async run(guest: Guest): Promise<number> {
    return (await guest.main(this)) ?? 0;
  }
}
