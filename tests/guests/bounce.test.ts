/** Truth: a frame drawn over the one before must be the frame drawn on an empty screen, however little is redrawn. */
import { expect, test } from "vitest";
import { fbVarScreeninfo } from "../../abi/fb.ts";
import { makeBounce } from "../../guests/bounce.ts";
import { BOUNCE_RAMPS } from "../../guests/bounce-ramps.ts";
import { makePixelEncoder } from "../../guests/pixel-encoder.ts";
import { FORMATS } from "./fake-screen.ts";

const WIDTH = 160;
const HEIGHT = 120;
const encoder = makePixelEncoder(fbVarScreeninfo.read(fbVarScreeninfo.encode(FORMATS.xrgb8888)), BOUNCE_RAMPS);

const screen = () => {
  const pixels = new Uint32Array(WIDTH * HEIGHT);
  let stored = 0;
  return {
    pixels,
    drawing: makeBounce(encoder, WIDTH, HEIGHT),
    row(x: number, y: number, row: Uint32Array, count: number): void {
      expect(x >= 0 && y >= 0 && x + count <= WIDTH && y < HEIGHT).toBe(true);
      pixels.set(row.subarray(0, count), y * WIDTH + x);
      stored += count;
    },
    /** Pixels stored since the last look. */
    takeStored(): number {
      const count = stored;
      stored = 0;
      return count;
    },
  };
};

test("only what moves is drawn again, and nothing is left behind", () => {
  const moving = screen();
  for (let frame = 0; frame < 200; frame++) {
    moving.drawing(moving, frame, 200);
    const stored = moving.takeStored();
    if (frame === 0) expect(stored).toBe(WIDTH * HEIGHT);
    else expect(stored).toBeLessThan((WIDTH * HEIGHT) / 4);
    if (frame % 20 !== 19) continue;
    const afresh = screen();
    afresh.drawing(afresh, frame, 200);
    expect(moving.pixels).toEqual(afresh.pixels);
  }
});

test("the balls move", () => {
  const [one, other] = [screen(), screen()];
  one.drawing(one, 0, 2);
  other.drawing(other, 30, 2);
  expect(one.pixels).not.toEqual(other.pixels);
});
