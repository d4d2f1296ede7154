/**
 * The keyboard and the mouse of a terminal as those of the machine. A terminal tells what a key types, not when it is let
 * go: a key is down until it has not been repeated for a while. Places of keys are those of an American keyboard.
 */

import { emitKeypressEvents, type Key } from "node:readline";
import { PassThrough } from "node:stream";
import type { InputDevices } from "../input/input-devices.ts";

/** xterm: report every motion of the mouse, in SGR's form; and no more. */
export const MOUSE_ON = "\u001b[?1003h\u001b[?1006h";
export const MOUSE_OFF = "\u001b[?1006l\u001b[?1003l";

/** Milliseconds that a key stays down. */
const HELD = 80;

const NAMED: Readonly<Record<string, string>> = {
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
  home: "Home",
  end: "End",
  pageup: "PageUp",
  pagedown: "PageDown",
  insert: "Insert",
  delete: "Delete",
  return: "Enter",
  enter: "Enter",
  escape: "Escape",
  tab: "Tab",
  backspace: "Backspace",
  space: "Space",
};

/** Place, what it types, and what it types with Shift. */
const PLACES: readonly (readonly [code: string, plain: string, shifted: string])[] = [
  ["Backquote", "`", "~"],
  ["Minus", "-", "_"],
  ["Equal", "=", "+"],
  ["BracketLeft", "[", "{"],
  ["BracketRight", "]", "}"],
  ["Backslash", "\\", "|"],
  ["Semicolon", ";", ":"],
  ["Quote", "'", '"'],
  ["Comma", ",", "<"],
  ["Period", ".", ">"],
  ["Slash", "/", "?"],
  ["Space", " ", " "],
  ...Array.from(")!@#$%^&*(", (shifted, digit): [string, string, string] => [`Digit${digit}`, String(digit), shifted]),
];

interface Stroke {
  readonly code: string;
  readonly shift: boolean;
}

/** The key that was struck, null when an American keyboard has none that types this. */
export const strokeOf = (text: string | undefined, key: Pick<Key, "name" | "shift">): Stroke | null => {
  const name = key.name ?? "";
  if (Object.hasOwn(NAMED, name)) return { code: NAMED[name]!, shift: key.shift === true };
  if (/^f([1-9]|1[0-2])$/.test(name)) return { code: name.toUpperCase(), shift: key.shift === true };
  if (/^[a-z]$/.test(name)) return { code: `Key${name.toUpperCase()}`, shift: key.shift === true };
  for (const [code, plain, shifted] of PLACES) {
    if (text === plain || text === shifted) return { code, shift: text !== plain };
  }
  return null;
};

/** SGR mouse report: button and modifiers; column and row from 1; "M" pressed or moved, "m" let go. */
const MOUSE = /\[<(\d+);(\d+);(\d+)([Mm])/g;
const ESCAPE = "\u001b";
/** In the report's first number. */
const MOTION = 32;
const WHEEL = 64;
const BUTTON = 3;
/** The report's buttons 0, 1 and 2 as MouseEvent.buttons has them; 3 is none. */
const BUTTONS = [1, 4, 2, 0];

export class TerminalKeys {
  readonly #devices: InputDevices;
  readonly #locate: (column: number, row: number) => { x: number; y: number } | null;
  readonly #stream = new PassThrough();
  readonly #down = new Map<string, NodeJS.Timeout>();
  #buttons = 0;

  /** `locate` says which point of the picture a character of the terminal shows, counted from 0. */
  constructor(devices: InputDevices, locate: (column: number, row: number) => { x: number; y: number } | null) {
    this.#devices = devices;
    this.#locate = locate;
    emitKeypressEvents(this.#stream);
    this.#stream.on("keypress", (text: string | undefined, key: Key) => this.#struck(text, key));
  }

  /** Takes what came from the terminal; what comes back is for programs that read the terminal: all but the mouse. */
  typed(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes).toString("latin1");
    const rest = text.split(ESCAPE).map((part, i) => {
      const keys = part.replace(MOUSE, (_, button: string, column: string, row: string, end: string) => {
        this.#mouse(Number(button), Number(column) - 1, Number(row) - 1, end === "M");
        return "\0";
      });
      if (keys.startsWith("\0")) return keys.slice(1);
      return i === 0 ? keys : `${ESCAPE}${keys}`;
    });
    const keys = Buffer.from(rest.join(""), "latin1");
    if (keys.length > 0) this.#stream.write(keys);
    return keys;
  }

  /** Lets every key go. */
  end(): void {
    for (const [code, timer] of this.#down) {
      clearTimeout(timer);
      this.#devices.key(code, "up");
    }
    this.#down.clear();
    this.#stream.destroy();
  }

  #struck(text: string | undefined, key: Key): void {
    const stroke = strokeOf(text, key);
    if (stroke === null) return;
    if (stroke.shift) this.#press("ShiftLeft");
    if (key.ctrl === true) this.#press("ControlLeft");
    if (key.meta === true && stroke.code !== "Escape") this.#press("AltLeft");
    this.#press(stroke.code);
  }

  #press(code: string): void {
    const held = this.#down.get(code);
    if (held === undefined) this.#devices.key(code, "down");
    else clearTimeout(held);
    const letGo = (): void => {
      this.#down.delete(code);
      this.#devices.key(code, "up");
    };
    this.#down.set(code, setTimeout(letGo, HELD));
  }

  #mouse(report: number, column: number, row: number, pressed: boolean): void {
    if ((report & WHEEL) !== 0) {
      this.#devices.wheel(0, (report & 1) === 0 ? -1 : 1);
      return;
    }
    const button = BUTTONS[report & BUTTON]!;
    if ((report & MOTION) === 0) this.#buttons = pressed ? this.#buttons | button : this.#buttons & ~button;
    const place = this.#locate(column, row);
    if (place !== null) this.#devices.pointer({ ...place, buttons: this.#buttons });
  }
}
