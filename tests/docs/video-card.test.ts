/** docs/video-card.md has every register by its name and offset, and no other. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as formats from "../../assembly/scanout-format.ts";
import * as registers from "../../devices/hardware/video-card-registers.ts";

test("the table is the data sheet's", () => {
  const rows = [
    ...readFileSync("docs/video-card.md", "utf8").matchAll(/^\| (0x[0-9a-f]{3})(?: … 0x7fc)?\s+\| (\w+)\s+\| /gm),
  ];
  const documented = Object.fromEntries(rows.map(([, offset, name]) => [`REG_${name}`, Number(offset)]));
  const values = new Set(["REG_ID_VALUE", "REG_VERSION_VALUE", "REG_ENGINE_LIMIT"]);
  const all = Object.entries(registers).filter(([name]) => name.startsWith("REG_") && !values.has(name));
  expect(documented).toEqual(Object.fromEntries(all));
  expect(all.length).toBeGreaterThan(30);
});

test("the formats are the card's", () => {
  const [, text = ""] = readFileSync("docs/video-card.md", "utf8").match(/\| FORMAT .* (0 xrgb8888[^;]*);/) ?? [];
  const named = Object.fromEntries(text.split(", ").map((one) => one.split(" ").reverse()));
  expect(named).toEqual({
    xrgb8888: `${formats.FORMAT_XRGB8888}`,
    xbgr8888: `${formats.FORMAT_XBGR8888}`,
    rgb565: `${formats.FORMAT_RGB565}`,
    c8: `${formats.FORMAT_C8}`,
  });
});
