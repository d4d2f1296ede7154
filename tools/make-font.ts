/**
 * Makes devices/drivers/vt-font-data.ts from an 8 × 16 console font (PSF version 1, as Debian's fonts-spleen has it):
 *
 *     node --import jiti/register tools/make-font.ts /usr/share/consolefonts/spleen-8x16.psfu.gz
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const HEADER = 4;
const HEIGHT = 16;
/** Ends the list of a glyph's characters; the other begins a sequence of characters, which the console never shows. */
const END = 0xffff;
const SEQUENCE = 0xfffe;

const [path = "", ...rest] = process.argv.slice(2);
if (path === "" || rest.length > 0) throw new Error("usage: make-font.ts FONT.psfu.gz");
const packed = readFileSync(path);
const font = path.endsWith(".gz") ? gunzipSync(packed) : packed;
const [magic, mode, size] = [font.readUInt16LE(0), font[2]!, font[3]!];
if (magic !== 0x0436 || size !== HEIGHT || (mode & 2) === 0) {
  throw new Error(`${path}: no PSF 1 font of 8 x 16 pixels with a table of characters`);
}
const count = mode & 1 ? 512 : 256;
const glyphs = font.subarray(HEADER, HEADER + count * HEIGHT);

const pairs: number[] = [];
let at = HEADER + count * HEIGHT;
for (let glyph = 0; glyph < count; glyph++) {
  let inSequence = false;
  for (; font.readUInt16LE(at) !== END; at += 2) {
    const character = font.readUInt16LE(at);
    inSequence ||= character === SEQUENCE;
    if (!inSequence) pairs.push(character, glyph);
  }
  at += 2;
}

const lines = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("base64")
    .match(/.{1,112}/g)!
    .map((line) => `  ${JSON.stringify(line)}`)
    .join(" +\n");

writeFileSync(
  new URL("../devices/drivers/vt-font-data.ts", import.meta.url),
  `/**
 * Spleen 8x16, Copyright (c) 2018-2020 Frederic Cambus, BSD 2-Clause (THIRD-PARTY-NOTICES.md).
 * Made by tools/make-font.ts; not to be edited.
 */

/** ${count} glyphs of 16 rows, a byte each, leftmost pixel in the highest bit; base64. */
export const GLYPHS =
${lines(glyphs)};

/** Pairs of 16-bit numbers, little-endian: a character, and its glyph; base64. */
export const CHARACTERS =
${lines(new Uint8Array(Uint16Array.from(pairs).buffer))};
`,
);
