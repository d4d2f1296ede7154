/**
 * What a frame costs the host, from the card's state to the picture, and what the card's 2D engine costs beside memset and
 * memcpy of as many bytes:  npm run bench:display
 */
import {
  CURSOR_ENABLE,
  ENGINE_COPY,
  ENGINE_FILL,
  REG_CURSOR_CONTROL,
  REG_CURSOR_X,
  REG_ENGINE_COMMAND,
  REG_ENGINE_PIXEL_SIZE,
  REG_ENGINE_SIZE,
  REG_ENGINE_SOURCE_PITCH,
  REG_ENGINE_SOURCE_POSITION,
  REG_ENGINE_TARGET_PITCH,
  REG_ENGINE_TARGET_POSITION,
} from "../../devices/hardware/video-card-registers.ts";
import { Computer } from "../../src/computer.ts";
import { type Loops, timeByTurns } from "./turns.ts";

const WIDTH = 1024;
const HEIGHT = 768;
const BYTES = WIDTH * HEIGHT * 4;
const ROUNDS = 200;
/** A copy scrolls by so many rows. */
const SCROLL = 8;

const computer = await Computer.create({ display: { width: WIDTH, height: HEIGHT } });
const { written } = computer.machine.videoMemory();
const { device } = computer.card;
const set = (register: number, value: number): void => device.write(register, 4, value);
const [from, to] = [new Uint8Array(BYTES).fill(1), new Uint8Array(BYTES)];

set(REG_ENGINE_PIXEL_SIZE, 4);
set(REG_ENGINE_TARGET_PITCH, WIDTH * 4);
set(REG_ENGINE_SOURCE_PITCH, WIDTH * 4);

let column = 0;
const loops: Loops = {
  memcpy: { run: () => to.set(from) },
  memset: { run: () => to.fill(7) },
  "frame, every page written": { prepare: () => written(0, BYTES), run: () => computer.frame() },
  "frame, nothing written": { prepare: () => computer.frame(), run: () => computer.frame() },
  "frame, only the cursor moved": {
    prepare: () => {
      set(REG_CURSOR_CONTROL, CURSOR_ENABLE);
      computer.frame();
      set(REG_CURSOR_X, ++column % WIDTH);
    },
    run: () => {
      computer.frame();
      set(REG_CURSOR_CONTROL, 0);
    },
  },
  "engine: fill": {
    prepare: () => {
      set(REG_ENGINE_TARGET_POSITION, 0);
      set(REG_ENGINE_SIZE, (HEIGHT << 16) | WIDTH);
    },
    run: () => set(REG_ENGINE_COMMAND, ENGINE_FILL),
  },
  "engine: scroll": {
    prepare: () => {
      set(REG_ENGINE_SOURCE_POSITION, SCROLL << 16);
      set(REG_ENGINE_SIZE, ((HEIGHT - SCROLL) << 16) | WIDTH);
    },
    run: () => set(REG_ENGINE_COMMAND, ENGINE_COPY),
  },
};

const medians = timeByTurns(loops, ROUNDS);
console.log(`\nA frame of ${WIDTH}x${HEIGHT}, xrgb8888, median of ${ROUNDS} rounds, Node ${process.versions.node}\n`);
for (const [name, time] of medians) console.log(`${name.padEnd(36)} ${(time / 1000).toFixed(1).padStart(8)} µs`);

const ratio = (label: string, one: string, other: string, goal: string): void => {
  const value = medians.get(one)! / medians.get(other)!;
  console.log(`${label.padEnd(36)} ${value.toFixed(3).padStart(8)} ${goal}`);
};
console.log();
ratio("frame, every page written / memcpy", "frame, every page written", "memcpy", "(goal: 2 or less)");
ratio("engine: fill / memset", "engine: fill", "memset", "");
ratio("engine: scroll / memcpy", "engine: scroll", "memcpy", "");
console.log("(goal of a frame in which nothing was written: 20 µs or less)");
