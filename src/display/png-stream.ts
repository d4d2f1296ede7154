/**
 * Pictures as PNG files by what Node and browsers both have (CompressionStream), so that a page needs no library for it.
 * png.ts writes and reads PNG through pngjs, in Node alone.
 */
import type { Picture } from "./picture.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** PNG's colour type 6: red, green, blue, alpha. */
const RGBA = 6;
/** A row's filter: each byte less the one above it. */
const FILTER_UP = 2;
/** CRC-32 of ISO 3309, reflected. */
const POLYNOMIAL = 0xedb8_8320;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
};

/** Length, type, data, CRC of type and data (RFC 2083, 3.2). */
const chunk = (type: string, data: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
};

/** Each row behind its filter's number (RFC 2083, 6.4). */
const filtered = ({ width, height, data }: Picture): Uint8Array<ArrayBuffer> => {
  const row = 4 * width;
  const bytes = new Uint8Array((row + 1) * height);
  for (let y = 0, to = 0, from = 0; y < height; y++) {
    bytes[to++] = FILTER_UP;
    for (let x = 0; x < row; x++, from++) bytes[to++] = data[from]! - (y === 0 ? 0 : data[from - row]!);
  }
  return bytes;
};

/** A PNG file: 8 bits a channel, RGBA, nothing that tells when or where it was made. */
export async function streamPNG(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, picture.width);
  view.setUint32(4, picture.height);
  header.set([8, RGBA, 0, 0, 0], 8);
  const zlib = new Blob([filtered(picture)]).stream().pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(zlib).arrayBuffer());
  const parts = [
    new Uint8Array(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
