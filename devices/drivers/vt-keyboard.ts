/**
 * What keys type at the console (drivers/tty/vt/keyboard.c of Linux 6.12, with the US keymap): events of the keyboard go in,
 * bytes for the terminal's input come out.
 *
 * Not modelled: dead and compose keys, AltGr, the keypad without NumLock, switching terminals, SysRq; a keymap that
 * a program loads (KDSKBENT) is kept and has no effect.
 */
import { EV_KEY } from "../../abi/input.ts";
import * as codes from "../../abi/input-event-codes.ts";
import { K_MEDIUMRAW, K_OFF, K_RAW } from "../../abi/vt.ts";
import type { InputReport } from "../hardware/input-port.ts";
import type { InputHandle } from "./input-dev.ts";

/** Keys in a row, and what they type without and with Shift. */
const ROWS: readonly (readonly [first: number, plain: string, shifted: string])[] = [
  [codes.KEY_1, "1234567890-=", "!@#$%^&*()_+"],
  [codes.KEY_Q, "qwertyuiop[]", "QWERTYUIOP{}"],
  [codes.KEY_A, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [codes.KEY_BACKSLASH, "\\zxcvbnm,./", "|ZXCVBNM<>?"],
];

/** Whatever the modifiers: KEY_KP7 … KEY_KPDOT in a row, and single keys. */
const KEYPAD = "789-456+1230.";
const FIXED: ReadonlyMap<number, string> = new Map([
  [codes.KEY_ESC, "\x1b"],
  [codes.KEY_TAB, "\t"],
  [codes.KEY_ENTER, "\r"],
  [codes.KEY_KPENTER, "\r"],
  [codes.KEY_BACKSPACE, "\x7f"],
  [codes.KEY_SPACE, " "],
  [codes.KEY_KPASTERISK, "*"],
  [codes.KEY_KPSLASH, "/"],
  [codes.KEY_102ND, "<"],
  ...[...KEYPAD].map((c, i): [number, string] => [codes.KEY_KP7 + i, c]),
  [codes.KEY_HOME, "\x1b[1~"],
  [codes.KEY_INSERT, "\x1b[2~"],
  [codes.KEY_DELETE, "\x1b[3~"],
  [codes.KEY_END, "\x1b[4~"],
  [codes.KEY_PAGEUP, "\x1b[5~"],
  [codes.KEY_PAGEDOWN, "\x1b[6~"],
  ...[..."ABCDE"].map((c, i): [number, string] => [codes.KEY_F1 + i, `\x1b[[${c}`]),
  ...[17, 18, 19, 20, 21].map((n, i): [number, string] => [codes.KEY_F6 + i, `\x1b[${n}~`]),
  [codes.KEY_F11, "\x1b[23~"],
  [codes.KEY_F12, "\x1b[24~"],
]);

/** ESC [ or, in application mode, ESC O in front. */
const CURSOR_KEYS: ReadonlyMap<number, string> = new Map([
  [codes.KEY_UP, "A"],
  [codes.KEY_DOWN, "B"],
  [codes.KEY_RIGHT, "C"],
  [codes.KEY_LEFT, "D"],
]);

/** The keys of a PC's keyboard that have an 0xe0 before their scan code (K_RAW), and the scan code. */
const EXTENDED: ReadonlyMap<number, number> = new Map([
  [codes.KEY_KPENTER, 0x1c],
  [codes.KEY_RIGHTCTRL, 0x1d],
  [codes.KEY_KPSLASH, 0x35],
  [codes.KEY_RIGHTALT, 0x38],
  [codes.KEY_HOME, 0x47],
  [codes.KEY_UP, 0x48],
  [codes.KEY_PAGEUP, 0x49],
  [codes.KEY_LEFT, 0x4b],
  [codes.KEY_RIGHT, 0x4d],
  [codes.KEY_END, 0x4f],
  [codes.KEY_DOWN, 0x50],
  [codes.KEY_PAGEDOWN, 0x51],
  [codes.KEY_INSERT, 0x52],
  [codes.KEY_DELETE, 0x53],
  [codes.KEY_LEFTMETA, 0x5b],
  [codes.KEY_RIGHTMETA, 0x5c],
  [codes.KEY_COMPOSE, 0x5d],
]);
/** Up to here a key's code is its scan code. */
const LAST_PLAIN_SCAN_CODE = codes.KEY_F12;
const RELEASED = 0x80;

/** What a key types with modifiers; "" when nothing. */
export function typed(key: number, shift: boolean, control: boolean, caps = false): string {
  for (const [first, plain, shifted] of ROWS) {
    const index = key - first;
    if (index < 0 || index >= plain.length) continue;
    const isLetter = /[a-z]/.test(plain[index]!);
    const text = (isLetter && caps ? !shift : shift) ? shifted[index]! : plain[index]!;
    return control ? controlOf(text) : text;
  }
  if (key === codes.KEY_SPACE && control) return "\0";
  return FIXED.get(key) ?? "";
}

/** Ctrl with a letter or one of @ [ \ ] ^ _ gives its lower five bits; some others are as the US keymap has them. */
function controlOf(text: string): string {
  if (/[a-zA-Z@[\\\]^_]/.test(text)) return String.fromCharCode(text.charCodeAt(0) & 0x1f);
  const others: Readonly<Record<string, string>> = { "2": "\0", "6": "\x1e", "-": "\x1f", "/": "\x7f", "`": "\0" };
  return others[text] ?? "";
}

export class VtKeyboard implements InputHandle {
  /** K_…. */
  mode: number;
  readonly #type: (bytes: Uint8Array) => void;
  readonly #application: () => boolean;
  readonly #down = new Set<number>();
  #caps = false;

  constructor(mode: number, type: (bytes: Uint8Array) => void, application: () => boolean) {
    this.mode = mode;
    this.#type = type;
    this.#application = application;
  }

  events(packet: readonly InputReport[]): void {
    for (const { type, code, value } of packet) if (type === EV_KEY) this.#key(code, value);
  }

  #key(key: number, value: number): void {
    if (value === 0) this.#down.delete(key);
    else this.#down.add(key);
    if (this.mode === K_OFF) return;
    if (this.mode === K_RAW || this.mode === K_MEDIUMRAW) {
      const bytes = this.mode === K_RAW ? scanCode(key, value === 0) : keyCode(key, value === 0);
      this.#type(Uint8Array.from(bytes));
      return;
    }
    if (key === codes.KEY_CAPSLOCK && value === 1) this.#caps = !this.#caps;
    if (value !== 0) this.#type(new TextEncoder().encode(this.#text(key)));
  }

  #text(key: number): string {
    const either = (left: number, right: number): boolean => this.#down.has(left) || this.#down.has(right);
    const cursor = CURSOR_KEYS.get(key);
    const text =
      cursor !== undefined
        ? `\x1b${this.#application() ? "O" : "["}${cursor}`
        : typed(
            key,
            either(codes.KEY_LEFTSHIFT, codes.KEY_RIGHTSHIFT),
            either(codes.KEY_LEFTCTRL, codes.KEY_RIGHTCTRL),
            this.#caps,
          );
    // K_ESCPREFIX: Alt puts ESC in front of a character.
    return text.length === 1 && this.#down.has(codes.KEY_LEFTALT) ? `\x1b${text}` : text;
  }
}

/** K_MEDIUMRAW: the key's code, in three bytes from 128 on; the highest bit says that it was released. */
function keyCode(key: number, isUp: boolean): number[] {
  const up = isUp ? RELEASED : 0;
  return key < 0x80 ? [key | up] : [up, 0x80 | (key >> 7), 0x80 | key];
}

/** K_RAW: the scan code of a PC's keyboard (set 1). Keys that it has none of say nothing. */
function scanCode(key: number, isUp: boolean): number[] {
  const up = isUp ? RELEASED : 0;
  const extended = EXTENDED.get(key);
  if (extended !== undefined) return [0xe0, extended | up];
  return key <= LAST_PLAIN_SCAN_CODE ? [key | up] : [];
}
