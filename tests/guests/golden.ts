/** Golden pictures: what a person looked at and found right. UPDATE_GOLDEN=1 writes them anew; then look again. */
import { readFileSync, writeFileSync } from "node:fs";
import { PNG } from "pngjs";

/** Red, green, blue of tests/guests/golden/NAME.png, after writing `rgb` there when asked to. */
export const goldenPicture = (name: string, width: number, height: number, rgb: Uint8Array): Uint8Array => {
  const file = new URL(`golden/${name}.png`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === "1") {
    const png = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
    png.data = Buffer.from(rgb);
    writeFileSync(file, PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false }));
  }
  const { data, ...size } = PNG.sync.read(readFileSync(file));
  if (size.width !== width || size.height !== height) throw new Error(`${name}.png is ${size.width}x${size.height}`);
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!);
};
