/**
 * A picture in the terminal graphics protocol of kitty, which Ghostty, WezTerm, Konsole and others speak too: pixels in
 * an escape sequence, compressed, in base64 pieces. https://sw.kovidgoyal.net/kitty/graphics-protocol/
 */
import { deflateSync } from "node:zlib";
import type { Picture } from "./picture.ts";

/** "the maximum size of a chunk": bytes of base64 in one escape sequence. */
const CHUNK = 4096;
/** Each picture takes the place of the last one. */
const IMAGE = 1;
const PLACEMENT = 1;
/** Fast rather than small: the terminal is on this machine as a rule. */
const LEVEL = 1;

/** Draws the picture from the cursor on, scaled to `columns` × `rows` characters; the cursor stays. */
export function kittyPicture({ width, height, data }: Picture, columns: number, rows: number): string {
  const base64 = deflateSync(data, { level: LEVEL }).toString("base64");
  // a: transmit and display; f: RGBA; o: zlib; C: leave the cursor; q: no answers, which would come as keys.
  const control = `a=T,f=32,o=z,s=${width},v=${height},i=${IMAGE},p=${PLACEMENT},c=${columns},r=${rows},C=1,q=2`;
  let text = "";
  for (let at = 0; at < base64.length; at += CHUNK) {
    const more = at + CHUNK < base64.length ? 1 : 0;
    const keys = at === 0 ? `${control},m=${more}` : `m=${more}`;
    text += `\u001b_G${keys};${base64.slice(at, at + CHUNK)}\u001b\\`;
  }
  return text;
}

/** Takes the picture away and frees it. */
export const KITTY_DELETE = `\u001b_Ga=d,d=I,i=${IMAGE},q=2\u001b\\`;

/** Asks whether the terminal understands: it answers KITTY_YES. */
export const KITTY_QUERY = "\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\";
export const KITTY_YES = "\u001b_Gi=31;OK";
