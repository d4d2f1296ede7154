/** `--terminal`: the machine's screen in the terminal, and the terminal's keys and mouse on the machine. */
import type { ScanoutMachine } from "../api/machine.ts";
import type { Picture } from "../display/picture.ts";
import { type AnsweringInput, GRAPHICS, type Graphics, queryTerminal } from "../display/terminal-query.ts";
import { TerminalScreen } from "../display/terminal-screen.ts";
import type { HostStdio } from "./host-stdio.ts";
import { MOUSE_OFF, MOUSE_ON, TerminalKeys } from "./terminal-keys.ts";
import { UsageError } from "./usage-error.ts";

/** Milliseconds between two pictures: about thirty a second, which terminals keep up with. */
const INTERVAL = 33;

export const parseGraphics = (text: string): Graphics | null => {
  if (text === "auto") return null;
  const known = GRAPHICS.find((one) => one === text);
  if (known === undefined) throw new UsageError(`--graphics ${text}: expected ${GRAPHICS.join(", ")} or auto`);
  return known;
};

/** The terminal's answers are not for the machine's programs. */
const answers = (host: HostStdio): AnsweringInput => ({
  on(_event, listener) {
    host.filter = (bytes) => {
      listener(bytes);
      return NOTHING;
    };
  },
  off() {
    host.filter = null;
  },
});
const NOTHING = new Uint8Array(0);

export class LiveTerminal {
  readonly #screen: TerminalScreen;
  readonly #keys: TerminalKeys;
  readonly #host: HostStdio;
  #picture: Picture | null = null;
  #shown = Number.NEGATIVE_INFINITY;
  #late: NodeJS.Timeout | null = null;

  /** Asks the terminal, which is in raw mode already, what it can show, unless `graphics` says it. @throws UsageError when there is no terminal. */
  static async open(machine: ScanoutMachine, host: HostStdio, graphics: Graphics | null): Promise<LiveTerminal> {
    const { stdin, stdout } = process;
    if (!stdout.isTTY || !stdin.isTTY) throw new UsageError("--terminal needs a terminal for stdin and stdout");
    const abilities = await queryTerminal(answers(host), (text) => stdout.write(text));
    return new LiveTerminal(machine, host, new TerminalScreen(stdout, { ...abilities, ...(graphics && { graphics }) }));
  }

  private constructor(machine: ScanoutMachine, host: HostStdio, screen: TerminalScreen) {
    this.#host = host;
    this.#screen = screen;
    this.#keys = new TerminalKeys(machine.computer.input, (column, row) =>
      this.#picture === null ? null : screen.locate(this.#picture, column, row),
    );
    machine.computer.input.isOpen = true;
    host.filter = (bytes) => this.#keys.typed(bytes);
    host.holdOutput();
    screen.begin();
    process.stdout.write(MOUSE_ON);
    machine.display.watch(({ picture }) => {
      this.#picture = picture;
      this.#draw();
    });
  }

  /** Now, or as soon as the last picture has been seen for its time. */
  #draw(): void {
    const now = performance.now();
    const wait = this.#shown + INTERVAL - now;
    if (wait <= 0 && this.#picture !== null && this.#screen.show(this.#picture)) {
      this.#shown = now;
      return;
    }
    this.#late ??= setTimeout(
      () => {
        this.#late = null;
        this.#draw();
      },
      Math.max(wait, 1),
    );
  }

  /** Gives the terminal back, with the last picture, then prints what programs had to say meanwhile. */
  end(): void {
    if (this.#late !== null) clearTimeout(this.#late);
    this.#keys.end();
    process.stdout.write(MOUSE_OFF);
    this.#screen.end();
    if (this.#picture !== null) this.#screen.print(this.#picture);
    this.#host.releaseOutput();
  }
}
