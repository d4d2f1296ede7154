/** Pictures in terminals: kitty's protocol and sixels, and how a terminal tells which of them it knows. */
import { EventEmitter } from "node:events";
import { inflateSync } from "node:zlib";
import { decode } from "sixel";
import { describe, expect, it } from "vitest";
import { KITTY_QUERY, kittyPicture } from "../../src/display/kitty.ts";
import { sixelPicture } from "../../src/display/sixel.ts";
import { parseAnswer, queryTerminal, TERMINAL_QUERY } from "../../src/display/terminal-query.ts";
import { TerminalScreen } from "../../src/display/terminal-screen.ts";
import { colours, paint } from "./pictures.ts";

const noise = paint(120, 50, (x, y) => (Math.imul(x * 50 + y + 1, 0x9e37_79b1) >>> 8) & 0xff_ffff);

describe("kitty's protocol", () => {
  /** "ESC _G <control data> ; <payload> ESC \", pieces of at most 4096 bytes, all but the last with m=1. */
  const pieces = kittyPicture(noise, 12, 5)
    .split("\u001b\\")
    .slice(0, -1)
    .map((piece) => {
      const [keys = "", payload = ""] = piece.slice("\u001b_G".length).split(";");
      return { keys, payload };
    });

  it("carries the pixels in pieces", () => {
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every(({ payload }) => payload.length <= 4096)).toBe(true);
    expect(pieces.map(({ keys }) => /m=(\d)/.exec(keys)![1])).toEqual([...pieces.slice(1).map(() => "1"), "0"]);
    const data = inflateSync(Buffer.from(pieces.map(({ payload }) => payload).join(""), "base64"));
    expect([...data]).toEqual([...noise.data]);
  });

  it("says size, format, compression and place", () => {
    const keys = Object.fromEntries(pieces[0]!.keys.split(",").map((pair) => pair.split("=")));
    expect(keys).toMatchObject({ a: "T", f: "32", o: "z", s: "120", v: "50", c: "12", r: "5", q: "2" });
  });
});

describe("sixels", () => {
  it("show the picture; their colours have 101 steps", () => {
    const picture = paint(19, 13, (x, y) => ((x * 8) << 16) | ((y * 19) << 8));
    // The reader wants what is between the introducer's "q" and the terminator.
    const text = sixelPicture(picture);
    const { width, height, data32 } = decode(text.slice(text.indexOf("q") + 1, -2));
    expect([width, height]).toEqual([19, 13]);
    const shown = colours({ data: new Uint8Array(data32.buffer, data32.byteOffset, data32.byteLength) });
    const off = colours(picture).map((colour, i) =>
      Math.max(...[16, 8, 0].map((shift) => Math.abs(((colour >> shift) & 0xff) - ((shown[i]! >> shift) & 0xff)))),
    );
    expect(Math.max(...off)).toBeLessThanOrEqual(2);
  });
});

describe("what a terminal can show", () => {
  // Answers as the terminals' documentation gives them.
  it.each([
    ["kitty", "\u001b_Gi=31;OK\u001b\\\u001b[4;480;800t\u001b[?62;c", "kitty", { width: 800, height: 480 }],
    ["foot", "\u001b[4;600;1000t\u001b[?62;4;22c", "sixel", { width: 1000, height: 600 }],
    ["xterm -ti vt340", "\u001b[?63;1;2;4;6;9;15;22c", "sixel", null],
    ["xterm", "\u001b[?64;1;2;6;9;15;18;21;22c", "blocks", null],
    ["a VT100 with 4 in no place for it", "\u001b[?4;1c", "blocks", null],
  ])("%s", (_name, answer, graphics, pixels) => {
    expect(parseAnswer(answer)).toEqual({ graphics, pixels });
    expect(parseAnswer(answer.slice(0, -1))).toBeNull();
  });

  it("is asked for once, and an answer in pieces is put together", async () => {
    const keyboard = new EventEmitter();
    const written: string[] = [];
    const answer = queryTerminal(keyboard, (text) => written.push(text), 10_000);
    keyboard.emit("data", Buffer.from("\u001b_Gi=3"));
    keyboard.emit("data", Buffer.from("1;OK\u001b\\\u001b[?62c"));
    expect((await answer).graphics).toBe("kitty");
    expect(written).toEqual([TERMINAL_QUERY]);
    expect(TERMINAL_QUERY).toContain(KITTY_QUERY);
    expect(keyboard.listenerCount("data")).toBe(0);
  });

  it("is half blocks when it does not answer", async () => {
    expect(await queryTerminal(new EventEmitter(), () => {}, 1)).toEqual({ graphics: "blocks", pixels: null });
  });
});

describe("a screen in a terminal", () => {
  class Window extends EventEmitter {
    isTTY = true;
    columns = 40;
    rows = 10;
    text = "";
    takes = true;
    getColorDepth = () => 24;
    write(text: string): boolean {
      this.text += text;
      return this.takes;
    }
  }

  it("is on the other screen, without a cursor, and gives both back", () => {
    const window = new Window();
    const screen = new TerminalScreen(window as never, { graphics: "blocks", pixels: null });
    screen.begin();
    expect(window.text).toMatch("\u001b[?1049h");
    screen.show(noise);
    screen.end();
    expect(window.text.endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
  });

  it("does not scroll: as many new lines as rows less one", () => {
    const window = new Window();
    new TerminalScreen(window as never, { graphics: "blocks", pixels: null }).show(paint(400, 200, () => 0x123456));
    expect(window.text.split("\r\n").length).toBe(10);
  });

  it("leaves pictures out while the terminal is behind", () => {
    const window = new Window();
    const screen = new TerminalScreen(window as never, { graphics: "sixel", pixels: null });
    window.takes = false;
    expect(screen.show(noise)).toBe(true);
    expect(screen.show(noise)).toBe(false);
    window.emit("drain");
    expect(screen.show(noise)).toBe(true);
  });

  it("leaves the last picture, and the cursor in the line below it", () => {
    const window = new Window();
    new TerminalScreen(window as never, { graphics: "blocks", pixels: null }).print(paint(400, 200, () => 0x123456));
    expect(window.text.split("\r\n").map((line) => line.length > 0)).toEqual([...Array(7).fill(true), false]);
    const kitty = new Window();
    const pixels = { width: 400, height: 200 };
    new TerminalScreen(kitty as never, { graphics: "kitty", pixels }).print(paint(100, 80, () => 0x123456));
    // A cell is 10 × 20 pixels: 80 are 4 rows.
    expect(kitty.text.split("\r\n").length - 1).toBe(4);
  });

  it("knows which point of the picture a character shows", () => {
    const screen = new TerminalScreen(new Window() as never, { graphics: "blocks", pixels: null });
    const picture = paint(80, 40, () => 0);
    // 40 columns and 10 rows of two pixels each: 80 × 40 becomes 40 × 20.
    expect(screen.locate(picture, 0, 0)).toEqual({ x: 0.0125, y: 0.05 });
    expect(screen.locate(picture, 39, 9)).toEqual({ x: 0.9875, y: 0.95 });
    expect(
      screen.locate(
        paint(20, 20, () => 0),
        20,
        0,
      ),
    ).toBeNull();
  });
});
