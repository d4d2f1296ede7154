/** Video modes as users write them: "640x480", "rgb565". */
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XBGR8888, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { pixelSize } from "../../devices/hardware/video-card.ts";
import { MODE_SIZE_MAX, MODE_SIZE_MIN } from "../../devices/hardware/video-card-registers.ts";

export interface Mode {
  /** Pixels, 8 to 4096. */
  width: number;
  height: number;
  /** FORMAT_… of assembly/scanout-format.ts. */
  format: number;
}

/** By DRM's names. */
const FORMAT_NAMES: ReadonlyMap<string, number> = new Map([
  ["xrgb8888", FORMAT_XRGB8888],
  ["xbgr8888", FORMAT_XBGR8888],
  ["rgb565", FORMAT_RGB565],
  ["c8", FORMAT_C8],
]);

/** @throws RangeError when `text` is not WIDTHxHEIGHT with both from 8 to 4096. */
export function parseSize(text: string): { width: number; height: number } {
  const match = /^(\d+)x(\d+)$/.exec(text);
  if (match === null) throw new RangeError(`size "${text}": expected WIDTHxHEIGHT, as in 640x480`);
  const [width, height] = [Number(match[1]), Number(match[2])];
  for (const size of [width, height]) {
    if (size < MODE_SIZE_MIN || size > MODE_SIZE_MAX) {
      throw new RangeError(`size "${text}": ${size} is not from ${MODE_SIZE_MIN} to ${MODE_SIZE_MAX}`);
    }
  }
  return { width, height };
}

/** FORMAT_…. @throws RangeError for a name that is no format's. */
export function parseFormat(name: string): number {
  const format = FORMAT_NAMES.get(name);
  if (format === undefined) {
    throw new RangeError(`format "${name}": expected one of ${[...FORMAT_NAMES.keys()].join(", ")}`);
  }
  return format;
}

/** @throws RangeError when the number is no format's. */
export function formatName(format: number): string {
  for (const [name, number] of FORMAT_NAMES) if (number === format) return name;
  throw new RangeError(`no format ${format}`);
}

/** @throws RangeError when a frame of the mode is larger than `vramSize` bytes. */
export function checkModeFits({ width, height, format }: Mode, vramSize: number): void {
  const bytes = width * height * pixelSize(format);
  if (bytes > vramSize) {
    throw new RangeError(
      `${width}x${height} ${formatName(format)} needs ${bytes} bytes of video memory, the card has ${vramSize}`,
    );
  }
}
