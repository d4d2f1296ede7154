/** Keys as xterm sends them (ctlseqs: "PC-Style Function Keys", "SGR (1006)") become the machine's. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TerminalKeys } from "../../src/cli/terminal-keys.ts";
import { InputDevices } from "../../src/input/input-devices.ts";

let events: string[];
let keys: TerminalKeys;

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  const devices = new InputDevices();
  vi.spyOn(devices, "key").mockImplementation((key, state) => void events.push(`${key} ${state}`));
  vi.spyOn(devices, "pointer").mockImplementation(({ x, y, buttons }) => void events.push(`at ${x},${y} ${buttons}`));
  vi.spyOn(devices, "wheel").mockImplementation((dx, dy) => void events.push(`wheel ${dx},${dy}`));
  keys = new TerminalKeys(devices, (column, row) => (column < 80 ? { x: column, y: row } : null));
});

afterEach(() => {
  keys.end();
  vi.useRealTimers();
});

const type = (text: string): string => Buffer.from(keys.typed(Buffer.from(text, "latin1"))).toString("latin1");

it.each([
  ["a", ["KeyA"]],
  ["A", ["ShiftLeft", "KeyA"]],
  ["7", ["Digit7"]],
  ["&", ["ShiftLeft", "Digit7"]],
  ["?", ["ShiftLeft", "Slash"]],
  [" ", ["Space"]],
  ["\r", ["Enter"]],
  ["\t", ["Tab"]],
  ["\u007f", ["Backspace"]],
  ["\u0003", ["ControlLeft", "KeyC"]],
  ["\u001b[A", ["ArrowUp"]],
  ["\u001bOD", ["ArrowLeft"]],
  ["\u001b[5~", ["PageUp"]],
  ["\u001b[15~", ["F5"]],
])("%j presses and lets go", (text, codes) => {
  expect(type(text)).toBe(text);
  expect(events).toEqual(codes.map((code) => `${code} down`));
  vi.advanceTimersByTime(1000);
  expect(events.slice(codes.length).sort()).toEqual(codes.map((code) => `${code} up`).sort());
});

it("a key that repeats stays down", () => {
  for (let i = 0; i < 5; i++) {
    type("x");
    vi.advanceTimersByTime(30);
  }
  expect(events).toEqual(["KeyX down"]);
  keys.end();
  expect(events).toEqual(["KeyX down", "KeyX up"]);
});

it("the mouse moves the pointer, and its reports are not typed", () => {
  // Press, drag and let go of the left button, press the right one, turn the wheel: columns and rows count from 1.
  expect(type("a\u001b[<0;11;6Mb\u001b[<32;12;6M\u001b[<0;12;6m\u001b[<2;12;6M\u001b[<64;12;6M\u001b[A")).toBe(
    "ab\u001b[A",
  );
  expect(events.filter((event) => !event.startsWith("Key") && !event.startsWith("Arrow"))).toEqual([
    "at 10,5 1",
    "at 11,5 1",
    "at 11,5 0",
    "at 11,5 2",
    "wheel 0,-1",
  ]);
});

it("beside the picture the pointer stays where it was", () => {
  type("\u001b[<35;90;1M");
  expect(events).toEqual([]);
});
