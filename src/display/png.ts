/** Pictures as PNG files (RFC 2083), through pngjs. */
import { PNG } from "pngjs";
import type { Picture } from "./picture.ts";

/** PNG's colour type 6: red, green, blue, alpha. */
const RGBA = 6;

/**
 * A PNG file: 8 bits a channel, RGBA, no ancillary chunks that would tell when or where it was made. The same picture
 * gives the same bytes with the same zlib; between versions of Node compare pixels, not files.
 */
export function encodePNG({ width, height, data }: Picture): Uint8Array {
  const png = new PNG({ width, height, colorType: RGBA, inputColorType: RGBA });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, { colorType: RGBA, inputColorType: RGBA });
}

/** Any PNG as RGBA. @throws Error that says what is wrong with the file. */
export function decodePNG(bytes: Uint8Array): Picture {
  try {
    const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { width, height, data: new Uint8ClampedArray(data) };
  } catch (cause) {
    throw new Error(`not a readable PNG: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
