/** Truth: tty.WriteStream of Node's manual (getColorDepth), https://no-color.org, terminfo's "dumb". */
import { WriteStream } from "node:tty";
import { describe, expect, it } from "vitest";
import type { Picture } from "../../src/display/picture.ts";
import { showPicture } from "../../src/display/terminal.ts";

const red: Picture = {
  width: 2,
  height: 2,
  data: new Uint8ClampedArray([...Array(4)].flatMap(() => [255, 0, 0, 255])),
};
const wide: Picture = { width: 100, height: 100, data: new Uint8ClampedArray(100 * 100 * 4).fill(255) };

/** A window whose colours Node's own getColorDepth tells from the environment. */
const terminal = (change: object = {}) => {
  const written: string[] = [];
  const getColorDepth = WriteStream.prototype.getColorDepth;
  return {
    written,
    isTTY: true,
    columns: 80,
    rows: 24,
    getColorDepth,
    write: (text: string) => written.push(text),
    ...change,
  };
};

describe("showPicture", () => {
  it.each<[string, NodeJS.ProcessEnv, string]>([
    [
      "COLORTERM=truecolor: 24 bits",
      { TERM: "xterm", COLORTERM: "truecolor" },
      "\u001b[38;2;255;0;0;48;2;255;0;0m▀▀\u001b[0m\n",
    ],
    ["TERM=xterm-256color: 8 bits", { TERM: "xterm-256color" }, "\u001b[38;5;196;48;5;196m▀▀\u001b[0m\n"],
    ["TERM=vt100, 16 colours: shades", { TERM: "vt100" }, "░░\n"],
    ["NO_COLOR=1: shades", { TERM: "xterm", COLORTERM: "truecolor", NO_COLOR: "1" }, "░░\n"],
  ])("%s", (_name, env, text) => {
    const window = terminal();
    expect(showPicture(red, window, env)).toBe(true);
    expect(window.written).toEqual([text]);
  });

  it("leaves three lines for what follows, and a window of one line gets one", () => {
    const lines = (rows: number) => {
      const window = terminal({ rows });
      showPicture(wide, window, { TERM: "xterm-256color" });
      return window.written.join("").split("\n").length - 1;
    };
    expect([24, 4, 3, 1].map(lines)).toEqual([21, 1, 1, 1]);
  });

  it.each<[string, object, NodeJS.ProcessEnv]>([
    ["a pipe", { isTTY: undefined, columns: undefined, rows: undefined }, { TERM: "xterm" }],
    ["a dumb terminal", {}, { TERM: "dumb" }],
    ["a window without a size", { columns: 0, rows: 0 }, { TERM: "xterm" }],
  ])("prints nothing to %s", (_name, change, env) => {
    const window = terminal(change);
    expect(showPicture(red, window, env)).toBe(false);
    expect(window.written).toEqual([]);
  });
});
