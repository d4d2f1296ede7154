/** The machine's screen in a terminal, live: on the terminal's other screen, from its upper left corner on. */
import { halfBlocks } from "./half-blocks.ts";
import { KITTY_DELETE, kittyPicture } from "./kitty.ts";
import type { Picture } from "./picture.ts";
import { fitInside, shrink } from "./shrink.ts";
import { sixelPicture } from "./sixel.ts";
import type { Terminal } from "./terminal.ts";
import type { TerminalAbilities } from "./terminal-query.ts";

/** The alternate screen, empty, without a cursor; and back. */
const ENTER = "\u001b[?1049h\u001b[2J\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const ROWS_LEFT = 3;
const HOME = "\u001b[H";
const CLEAR = "\u001b[2J";
/** DEC private mode 2026: the terminal shows all that comes between at once. */
const BEGIN_UPDATE = "\u001b[?2026h";
const END_UPDATE = "\u001b[?2026l";
/** Of a character, where the terminal does not say: height to width is two to one in the usual fonts. */
const CELL = { width: 10, height: 20 };

export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #abilities: TerminalAbilities;
  #window = "";
  #busy = false;

  constructor(terminal: Terminal, abilities: TerminalAbilities) {
    this.#terminal = terminal;
    this.#abilities = abilities;
  }

  begin(): void {
    this.#terminal.write(ENTER);
  }

  /** False: the terminal has not taken the last picture yet, and this one was left out. */
  show(picture: Picture): boolean {
    if (this.#busy) return false;
    const { columns = 80, rows = 24 } = this.#terminal;
    const window = `${columns}x${rows}:${picture.width}x${picture.height}`;
    const clear = window === this.#window ? "" : CLEAR;
    this.#window = window;
    const text = `${BEGIN_UPDATE}${clear}${HOME}${this.#draw(picture, columns, rows)}${END_UPDATE}`;
    // A stream that is full says when it is empty again: a slow terminal gets fewer pictures, not older ones.
    if (this.#terminal.write(text) === false) {
      this.#busy = true;
      this.#terminal.once?.("drain", () => {
        this.#busy = false;
      });
    }
    return true;
  }

  end(): void {
    this.#terminal.write(`${this.#abilities.graphics === "kitty" ? KITTY_DELETE : ""}${LEAVE}`);
  }

  /** Leaves the picture where the cursor is, for good. */
  print(picture: Picture): void {
    const { columns = 80, rows = 24 } = this.#terminal;
    // Lines left free for what follows; kitty's cursor stays where it was.
    const room = Math.max(2, rows - ROWS_LEFT);
    const below = this.#abilities.graphics === "kitty" ? this.#cells(picture, columns, room).rows : 1;
    this.#terminal.write(this.#draw(picture, columns, room) + "\r\n".repeat(below));
  }

  /** Where on the picture a character is: 0 … 1 each way, or null beside it. Characters count from 0. */
  locate(picture: Picture, column: number, row: number): { x: number; y: number } | null {
    const { columns = 80, rows = 24 } = this.#terminal;
    const size = this.#cells(picture, columns, rows);
    const [x, y] = [(column + 0.5) / size.columns, (row + 0.5) / size.rows];
    return x < 1 && y < 1 ? { x, y } : null;
  }

  #draw(picture: Picture, columns: number, rows: number): string {
    switch (this.#abilities.graphics) {
      case "kitty": {
        const cells = this.#cells(picture, columns, rows);
        return kittyPicture(picture, cells.columns, cells.rows);
      }
      case "sixel": {
        const { width, height } = this.#pixels(picture, columns, rows);
        return sixelPicture(shrink(picture, width, height));
      }
      case "blocks": {
        const depth = this.#terminal.getColorDepth?.() ?? 1;
        // No new line after the last row: it would scroll.
        return halfBlocks(picture, { columns, rows, depth }).slice(0, -1).replaceAll("\n", "\r\n");
      }
    }
  }

  /** The picture's size on the terminal, in its pixels. */
  #pixels(picture: Picture, columns: number, rows: number): { width: number; height: number } {
    const cell = this.#cell();
    // A row is left free: sixels that reach the last one scroll it.
    return fitInside(picture, Math.floor(columns * cell.width), Math.floor((rows - 1) * cell.height));
  }

  #cells(picture: Picture, columns: number, rows: number): { columns: number; rows: number } {
    if (this.#abilities.graphics === "blocks") {
      const { width, height } = fitInside(picture, columns, rows * 2);
      return { columns: width, rows: Math.ceil(height / 2) };
    }
    const cell = this.#cell();
    const { width, height } = this.#pixels(picture, columns, rows);
    return {
      columns: Math.max(1, Math.round(width / cell.width)),
      rows: Math.max(1, Math.round(height / cell.height)),
    };
  }

  /** A character's size in pixels. */
  #cell(): { width: number; height: number } {
    const { columns, rows } = this.#terminal;
    const { pixels } = this.#abilities;
    if (pixels === null || !columns || !rows) return CELL;
    return { width: pixels.width / columns, height: pixels.height / rows };
  }
}
