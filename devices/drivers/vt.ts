/**
 * The virtual terminal /dev/tty1 (also /dev/tty0 and /dev/console): what a program writes is parsed (vt-parser.ts), kept
 * (vt-screen.ts) and painted into video memory (fbcon.ts); what the keyboard types comes in as the terminal's input.
 *
 * Not modelled: more than one virtual terminal, /dev/vcs, scrollback, the selection, kernel messages on the console.
 */
import { KD_TEXT } from "../../abi/ioctl.ts";
import { K_UNICODE, VT_AUTO, type VtMode } from "../../abi/vt.ts";
import type { Kernel } from "./driver.ts";
import type { FbInfo } from "./fb-info.ts";
import { FbCon, textSize } from "./fbcon.ts";
import { HostInput } from "./host-input.ts";
import { TtyPort, type TtySink } from "./tty-port.ts";
import { vtIoctl } from "./vt-ioctl.ts";
import { VtKeyboard } from "./vt-keyboard.ts";
import { VtParser } from "./vt-parser.ts";
import { VtScreen } from "./vt-screen.ts";

export class VirtualTerminal {
  readonly port: TtyPort;
  readonly keyboard: VtKeyboard;
  readonly screen: VtScreen;
  /** KD_TEXT, or KD_GRAPHICS: a program draws, the console does not. */
  kdMode = KD_TEXT;
  mode: VtMode = { mode: VT_AUTO, waitv: 0, relsig: 0, acqsig: 0, frsig: 0 };
  /** What KDSKBENT set: values by table and index. */
  readonly keymap = new Map<number, number>();
  readonly #parser: VtParser;
  #kernel: Kernel | null = null;
  #painter: FbCon | null = null;

  /** A terminal on a screen of so many pixels. What comes in on `input` is typed there too. */
  constructor(xres: number, yres: number, input = new HostInput()) {
    const size = textSize(xres, yres);
    this.screen = new VtScreen(size.columns, size.rows);
    this.#parser = new VtParser(this.screen);
    const type = (text: string | Uint8Array): void => {
      if (input.isOpen) input.feed(text);
    };
    this.screen.onReply = type;
    this.keyboard = new VtKeyboard(K_UNICODE, type, () => this.screen.cursorKeysApplication);
    const sink: TtySink = {
      size,
      isUtf8: true,
      write: (bytes) => this.#write(bytes),
      ioctl: (_file, command, argument) =>
        this.#kernel === null ? undefined : vtIoctl(this.#kernel, this, command >>> 0, argument),
    };
    this.port = new TtyPort(sink, input);
  }

  /** The framebuffer is there: from now on what is on the terminal can be seen (fbcon's takeover). */
  attach(kernel: Kernel, info: FbInfo): void {
    this.#kernel = kernel;
    this.#painter = new FbCon(kernel, info, this.screen);
    this.#painter.repaint();
  }

  detach(): void {
    this.#painter = null;
  }

  /** A program set another mode (fbcon_update_vcs). */
  modeChanged(info: FbInfo): void {
    if (this.kdMode !== KD_TEXT) return;
    this.#fit(info);
    this.#painter?.repaint();
  }

  /** KDSETMODE: text comes back as it would look now. */
  setKdMode(mode: number): void {
    if (mode === this.kdMode) return;
    this.kdMode = mode;
    if (mode === KD_TEXT && this.#painter !== null) {
      this.#fit(this.#painter.info);
      this.#painter.repaint();
    }
  }

  #fit({ var: { xres, yres } }: FbInfo): void {
    const size = textSize(xres, yres);
    if (size.columns === this.screen.columns && size.rows === this.screen.rows) return;
    this.screen.resize(size.columns, size.rows);
    this.port.resize(size);
  }

  #write(bytes: Uint8Array): void {
    this.#parser.write(bytes);
    if (this.kdMode === KD_TEXT) this.#painter?.paint();
  }
}
