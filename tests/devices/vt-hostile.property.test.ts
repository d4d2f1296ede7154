/**
 * Whatever bytes a program writes to the console: nothing is thrown, the cursor stays on the screen, and a terminal that is
 * reset afterwards is as good as new. The same on screens too small for a character.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Font } from "../../devices/drivers/vt-font.ts";
import { VtParser } from "../../devices/drivers/vt-parser.ts";
import { VtScreen } from "../../devices/drivers/vt-screen.ts";
import { withInput } from "./input-machine.ts";

const encoder = new TextEncoder();
/** Bytes, and pieces that make sequences of them. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom("\x1b[", "\x1b", "\x1b]", "\x9b", ";", "?", "99999999999999", "0", "H", "r", "J", "L", "M")
        .map((text) => encoder.encode(text)),
      fc
        .constantFrom(
          "@",
          "P",
          "X",
          "m",
          "38;5",
          "48;2;1",
          "\x1b[?6h",
          "\x1b[4h",
          "\x1b7",
          "\x1b8",
          "\x1bM",
          "漢",
          "\n",
        )
        .map((text) => encoder.encode(text)),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));

test("2,000 random writes on screens of 1 × 1 to 20 × 8, resized in the middle", () => {
  const size = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }));
  fc.assert(
    fc.property(size, size, bytes, bytes, (before, after, first, second) => {
      const screen = new VtScreen(...before);
      const parser = new VtParser(screen);
      parser.write(first);
      screen.resize(...after);
      parser.write(second);
      expect(screen.x >= 0 && screen.x < after[0] && screen.y >= 0 && screen.y < after[1]).toBe(true);
      expect(screen.cells.characters.length).toBe(after[0] * after[1]);
      // CAN ends a sequence, BEL a string.
      parser.write(encoder.encode("\x18\x07\x1bcnew"));
      if (after[0] >= 3) expect(screen.cells.text(0).trimEnd()).toBe("new");
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test.each([
  [8, 8],
  [9, 17],
  [300, 8],
])("a screen of %i × %i pixels is painted, as far as there is one", async (width, height) => {
  await withInput(
    async (c, computer) => {
      await c.print("abc\x1b[5;5H\x1b[7mdef\ng\x1b[6n");
      expect(computer.frame().picture.data.length).toBe(width * height * 4);
    },
    { console: "framebuffer", display: { width, height }, videoMemory: 0x10_0000 },
  );
});

test("the font has the characters that programs draw boxes with", () => {
  const font = new Font();
  for (const character of "AZaz09~ÄéßŁ€│─┌┐└┘├┤┬┴┼═║╔╗╚╝█▀▄▌▐░▒▓") {
    expect(font.has(character.codePointAt(0)!), character).toBe(true);
  }
  // What it has not is shown as the same sign, and that is not nothing.
  expect(font.glyph(0x6f22)).toEqual(font.glyph(0x1_f600));
  expect(Math.max(...font.glyph(0x6f22))).toBeGreaterThan(0);
});
