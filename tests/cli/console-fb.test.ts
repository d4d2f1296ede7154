/** `scanout run --console fb`: what the README and --help promise. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Font } from "../../devices/drivers/vt-font.ts";
import { decodePNG } from "../../src/display/png.ts";
import { scanout } from "./scanout.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scanout-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const GUEST = `import { program } from "scanout/guest";
export default program(async (c) => {
  const line = await c.readBytes(0, 100);
  await c.print(new TextDecoder().decode(line as Uint8Array).toUpperCase());
});`;

test("stdin is typed at the console, and what the guest prints is on the screen alone", () => {
  const guest = join(folder, "guest.ts");
  const png = join(folder, "console.png");
  writeFileSync(guest, GUEST);
  const args = ["run", "--console", "fb", "--size", "64x48", "--png", png, guest];
  expect(scanout(args, { input: "hi\n" })).toEqual({ code: 0, stdout: "", stderr: "" });
  const { data, width } = decodePNG(readFileSync(png));
  const font = new Font();
  // The echo, then the answer: each pixel of four characters.
  for (const [row, text] of ["hi", "HI"].entries()) {
    for (const [column, character] of [...text].entries()) {
      const glyph = font.glyph(character.codePointAt(0)!);
      const shown = Array.from({ length: 16 }, (_, y) =>
        Array.from({ length: 8 }, (_, x) => data[((row * 16 + y) * width + column * 8 + x) * 4]! > 0),
      );
      expect(shown).toEqual([...glyph].map((bits) => Array.from({ length: 8 }, (_, x) => (bits & (0x80 >> x)) !== 0)));
    }
  }
});

test("another place is refused", () => {
  const stderr = "scanout: --console vga: expected serial or fb\n";
  expect(scanout(["run", "--console", "vga", "plasma"])).toEqual({ code: 2, stdout: "", stderr });
});
