import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Picture } from "../../src/display/picture.ts";
import { copyPicture } from "../../src/display/picture.ts";
import { decodePNG, encodePNG } from "../../src/display/png.ts";

/** Red, half-transparent green, blue / black, white, grey. */
const picture: Picture = {
  width: 3,
  height: 2,
  data: new Uint8ClampedArray([
    ...[255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 255],
    ...[0, 0, 0, 255, 255, 255, 255, 255, 127, 127, 127, 0],
  ]),
};

/** Truth: RFC 2083 § 3 (signature and chunks), read here without a library. */
function chunks(file: Uint8Array): { type: string; data: Buffer }[] {
  const bytes = Buffer.from(file);
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

describe("encodePNG", () => {
  it("writes 8-bit RGBA, and nothing but the picture", () => {
    const found = chunks(encodePNG(picture));
    const types = found.map(({ type }) => type);
    expect([types[0], types.at(-1), ...new Set(types)]).toEqual(["IHDR", "IEND", "IHDR", "IDAT", "IEND"]);
    const header = found[0]!.data;
    expect([header.readUInt32BE(0), header.readUInt32BE(4), ...header.subarray(8)]).toEqual([3, 2, 8, 6, 0, 0, 0]);
    const rows = inflateSync(Buffer.concat(found.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
    expect(rows.length).toBe(2 * (1 + 3 * 4));
  });

  it("gives the same bytes for the same picture, also from the middle of a larger memory", () => {
    const memory = new Uint8ClampedArray(1000).fill(9);
    memory.set(picture.data, 100);
    const view = { ...picture, data: memory.subarray(100, 124) };
    expect(encodePNG(view)).toEqual(encodePNG(picture));
  });

  it("leaves the picture as it is", () => {
    const before = picture.data.slice();
    encodePNG(picture);
    expect(picture.data).toEqual(before);
  });
});

describe("decodePNG", () => {
  it("gives back what was encoded, transparent pixels too", () => {
    expect(decodePNG(encodePNG(picture))).toEqual(picture);
  });

  it("reads another program's file: one grey pixel", () => {
    const file = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
      "base64",
    );
    expect([...decodePNG(file).data]).toEqual([128, 128, 128, 255]);
  });

  it.each([
    ["no PNG", new TextEncoder().encode("plain text")],
    ["half a PNG", encodePNG(picture).subarray(0, 40)],
    ["an empty file", new Uint8Array(0)],
  ])("throws for %s", (_name, bytes) => {
    expect(() => decodePNG(bytes)).toThrow("not a readable PNG: ");
  });
});

it("copies a picture that its view would lose", () => {
  const data = picture.data.slice();
  const copy = copyPicture({ ...picture, data });
  data.fill(0);
  expect(copy).toEqual(picture);
});
