/**
 * Control characters and escape sequences of the console (do_con_trol of drivers/tty/vt/vt.c, Linux 6.12;
 * console_codes(4)). Bytes go in, calls on a screen come out. Controls work in the middle of a sequence too.
 */
import { Utf8Decoder } from "./vt-characters.ts";
import type { VtScreen } from "./vt-screen.ts";

/** NPAR: more parameters than these are dropped. */
const MAX_PARAMETERS = 16;
/** Numbers end here; no screen is larger. */
const MAX_NUMBER = 99_999;

const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const DEL = 0x7f;
const CSI = 0x9b;
const QUESTION = 0x3f;

type State = "ground" | "escape" | "csi" | "csi-ignore" | "charset" | "one-more" | "string" | "nonstandard" | "palette";

export class VtParser {
  readonly #screen: VtScreen;
  readonly #utf8 = new Utf8Decoder();
  #state: State = "ground";
  #parameters: number[] = [];
  /** The character before the parameters: "?", ">" and so on. */
  #prefix = "";
  #charset: 0 | 1 = 0;
  #skip = 0;

  constructor(screen: VtScreen) {
    this.#screen = screen;
  }

  write(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte < 0x80 && this.#state === "ground" && byte >= 0x20 && byte < DEL && !this.#utf8.isPending) {
        this.#screen.print(byte);
      } else for (const character of this.#utf8.push(byte)) this.#take(character);
    }
  }

  #take(c: number): void {
    if (this.#state === "string") this.#string(c);
    else if (c < 0x20 || c === DEL || c === CSI) this.#control(c);
    else if (this.#state === "ground") {
      // C1 controls but CSI are shown as nothing.
      if (c < 0x80 || c >= 0xa0) this.#screen.print(c);
    } else this.#inSequence(c);
  }

  #control(c: number): void {
    const screen = this.#screen;
    switch (c) {
      case 0x08:
        screen.backspace();
        return;
      case 0x09:
        screen.tab();
        return;
      case 0x0a:
      case 0x0b:
      case 0x0c:
        screen.lineFeed();
        if (screen.lineFeedNewLine) screen.carriageReturn();
        return;
      case 0x0d:
        screen.carriageReturn();
        return;
      case 0x0e:
        screen.shift(1);
        return;
      case 0x0f:
        screen.shift(0);
        return;
      case CAN:
      case SUB:
        this.#state = "ground";
        return;
      case ESC:
        this.#state = "escape";
        return;
      case CSI:
        this.#beginCsi();
        return;
    }
  }

  #inSequence(c: number): void {
    switch (this.#state) {
      case "escape":
        this.#escape(c);
        return;
      case "csi":
        this.#csi(c);
        return;
      case "csi-ignore":
        if (c >= 0x40) this.#state = "ground";
        return;
      case "charset":
        this.#screen.setCharset(this.#charset, String.fromCodePoint(c));
        this.#state = "ground";
        return;
      case "nonstandard":
        this.#nonstandard(c);
        return;
      case "palette":
        if (--this.#skip === 0) this.#state = "ground";
        return;
      default:
        this.#state = "ground";
    }
  }

  #escape(c: number): void {
    const screen = this.#screen;
    this.#state = "ground";
    switch (String.fromCodePoint(c)) {
      case "[":
        this.#beginCsi();
        return;
      case "]":
        this.#state = "nonstandard";
        return;
      // DCS, PM, APC, SOS: strings that nobody reads.
      case "P":
      case "^":
      case "_":
      case "X":
        this.#state = "string";
        return;
      case "%":
      case "#":
        this.#state = "one-more";
        return;
      case "(":
      case ")":
        this.#charset = c === 0x28 ? 0 : 1;
        this.#state = "charset";
        return;
      case "E":
        screen.carriageReturn();
        screen.lineFeed();
        return;
      case "M":
        screen.reverseLineFeed();
        return;
      case "D":
        screen.lineFeed();
        return;
      case "H":
        screen.setTab();
        return;
      case "Z":
        screen.report("identity");
        return;
      case "7":
        screen.saveCursor();
        return;
      case "8":
        screen.restoreCursor();
        return;
      case "c":
        screen.reset();
        return;
    }
  }

  /** ESC ]: Linux's palette sequences, or an operating system command that nobody reads. */
  #nonstandard(c: number): void {
    if (c === 0x52) this.#state = "ground";
    else if (c === 0x50) {
      // P, the colour's number, and six digits.
      this.#skip = 7;
      this.#state = "palette";
    } else this.#state = "string";
  }

  /** Up to BEL, or ESC \ (its second half is an escape sequence that does nothing). */
  #string(c: number): void {
    if (c === ESC) this.#state = "escape";
    else if (c === BEL || c === CAN || c === SUB) this.#state = "ground";
  }

  #beginCsi(): void {
    this.#state = "csi";
    this.#parameters = [];
    this.#prefix = "";
  }

  #csi(c: number): void {
    const character = String.fromCodePoint(c);
    if (c >= 0x30 && c <= 0x39) {
      if (this.#parameters.length === 0) this.#parameters.push(0);
      const last = this.#parameters.length - 1;
      this.#parameters[last] = Math.min(this.#parameters[last]! * 10 + c - 0x30, MAX_NUMBER);
    } else if (character === ";") {
      if (this.#parameters.length === 0) this.#parameters.push(0);
      if (this.#parameters.length < MAX_PARAMETERS) this.#parameters.push(0);
    } else if (c >= 0x3c && c <= QUESTION && this.#prefix === "" && this.#parameters.length === 0) {
      this.#prefix = character;
    } else if (c >= 0x20 && c < 0x40) this.#state = "csi-ignore";
    else {
      this.#state = "ground";
      if (this.#prefix === "?") this.#privateSequence(character);
      else if (this.#prefix === "") this.#sequence(character);
    }
  }

  #privateSequence(final: string): void {
    if (final !== "h" && final !== "l") return;
    for (const mode of this.#parameters) this.#screen.setPrivateMode(mode, final === "h");
  }

  #sequence(final: string): void {
    const [first = 0, second = 0] = this.#parameters;
    if (Object.hasOwn(SEQUENCES, final)) {
      const parameters = { first, second, count: Math.max(first, 1), all: this.#parameters };
      SEQUENCES[final]!(this.#screen, parameters);
    }
  }
}

interface Parameters {
  /** 0 when it is not there. */
  readonly first: number;
  readonly second: number;
  /** The first, at least 1. */
  readonly count: number;
  readonly all: readonly number[];
}

const setModes = (screen: VtScreen, { all }: Parameters, on: boolean): void => {
  for (const mode of all) screen.setMode(mode, on);
};

const position = (screen: VtScreen, { second, count }: Parameters): void =>
  screen.moveTo(Math.max(second, 1) - 1, count - 1);

/** ESC [ parameters, and one of these. */
const SEQUENCES: Readonly<Record<string, (screen: VtScreen, parameters: Parameters) => void>> = {
  A: (screen, { count }) => screen.moveBy(0, -count),
  B: (screen, { count }) => screen.moveBy(0, count),
  e: (screen, { count }) => screen.moveBy(0, count),
  C: (screen, { count }) => screen.moveBy(count, 0),
  a: (screen, { count }) => screen.moveBy(count, 0),
  D: (screen, { count }) => screen.moveBy(-count, 0),
  E: (screen, { count }) => screen.moveBy(-screen.x, count),
  F: (screen, { count }) => screen.moveBy(-screen.x, -count),
  G: (screen, { count }) => screen.moveToColumn(count - 1),
  "`": (screen, { count }) => screen.moveToColumn(count - 1),
  d: (screen, { count }) => screen.moveToRow(count - 1),
  H: position,
  f: position,
  J: (screen, { first }) => screen.eraseDisplay(first),
  K: (screen, { first }) => screen.eraseLine(first),
  L: (screen, { count }) => screen.insertLines(count),
  M: (screen, { count }) => screen.deleteLines(count),
  P: (screen, { count }) => screen.deleteCharacters(count),
  X: (screen, { count }) => screen.eraseCharacters(count),
  "@": (screen, { count }) => screen.insertCharacters(count),
  g: (screen, { first }) => screen.clearTab(first),
  h: (screen, parameters) => setModes(screen, parameters, true),
  l: (screen, parameters) => setModes(screen, parameters, false),
  m: (screen, { all }) => screen.setLook(all.length === 0 ? [0] : all),
  r: (screen, { first, second }) => screen.setRegion(first, second),
  s: (screen) => screen.saveCursor(),
  u: (screen) => screen.restoreCursor(),
  c: (screen, { first }) => {
    if (first === 0) screen.report("identity");
  },
  n: (screen, { first }) => {
    if (first === 5) screen.report("status");
    else if (first === 6) screen.report("cursor");
  },
};
