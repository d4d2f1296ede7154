/**
 * What a terminal can show, asked of itself: it answers kitty's query if it speaks that protocol, says its size in
 * pixels, and its attributes (DA1) among which 4 is sixel. Every terminal answers DA1, so that answer ends the wait.
 */
import { KITTY_QUERY, KITTY_YES } from "./kitty.ts";

export const GRAPHICS = ["kitty", "sixel", "blocks"] as const;
/** Pictures by kitty's protocol, as sixels, or as half blocks of text. */
export type Graphics = (typeof GRAPHICS)[number];

export interface TerminalAbilities {
  readonly graphics: Graphics;
  /** Pixels of the text area; null when the terminal does not say. */
  readonly pixels: { readonly width: number; readonly height: number } | null;
}

/** XTWINOPS 14: "Report xterm text area size in pixels"; DA1: primary device attributes. */
export const TERMINAL_QUERY = `${KITTY_QUERY}\u001b[14t\u001b[c`;

const ESCAPE = "\u001b\\[";
const ATTRIBUTES = new RegExp(`${ESCAPE}\\?([\\d;]*)c`);
const SIZE = new RegExp(`${ESCAPE}4;(\\d+);(\\d+)t`);
const SIXEL = "4";

/** Null: the answer is not complete. */
export function parseAnswer(text: string): TerminalAbilities | null {
  const attributes = ATTRIBUTES.exec(text);
  if (attributes === null) return null;
  const size = SIZE.exec(text);
  const pixels = size === null ? null : { height: Number(size[1]), width: Number(size[2]) };
  const sixel = attributes[1]!.split(";").slice(1).includes(SIXEL);
  const graphics = text.includes(KITTY_YES) ? "kitty" : sixel ? "sixel" : "blocks";
  return { graphics, pixels: pixels !== null && pixels.width > 0 && pixels.height > 0 ? pixels : null };
}

/** What of a terminal's keyboard is asked: process.stdin has it all when it is one. */
export interface AnsweringInput {
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  off(event: "data", listener: (bytes: Uint8Array) => void): unknown;
}

/** What is taken of a terminal that does not answer. */
const SILENT: TerminalAbilities = { graphics: "blocks", pixels: null };

/**
 * Asks. The keyboard must be in raw mode, else the answer waits for the Enter key. Resolves with half blocks after
 * `patience` milliseconds without an answer. What was typed meanwhile is lost.
 */
export function queryTerminal(
  input: AnsweringInput,
  write: (text: string) => void,
  patience = 300,
): Promise<TerminalAbilities> {
  return new Promise((resolve) => {
    let answer = "";
    const done = (abilities: TerminalAbilities): void => {
      clearTimeout(timer);
      input.off("data", listen);
      resolve(abilities);
    };
    const listen = (bytes: Uint8Array): void => {
      answer += Buffer.from(bytes).toString("latin1");
      const abilities = parseAnswer(answer);
      if (abilities !== null) done(abilities);
    };
    const timer = setTimeout(() => done(SILENT), patience);
    input.on("data", listen);
    write(TERMINAL_QUERY);
  });
}
