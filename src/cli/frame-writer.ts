/** `--png FILE`: the last frame, or every frame when the name has a place for its number (frame-%04d.png). */
import type { ScanoutMachine } from "../api/machine.ts";
import { encodePNG } from "../display/png.ts";
import { OutputFile } from "./output-file.ts";

const NUMBER = /%(0?)(\d*)d/;

export class FrameWriter {
  readonly #machine: ScanoutMachine;
  readonly #file: OutputFile;
  /** Does the name have a place for a number? */
  readonly everyFrame: boolean;
  #frames = 0;

  /** Makes the folder. @throws UsageError when nothing can be written there: before anything has been drawn. */
  constructor(machine: ScanoutMachine, file: string) {
    this.#machine = machine;
    this.#file = new OutputFile(file);
    this.everyFrame = NUMBER.test(file);
  }

  /** A frame was shown. */
  frame(): void {
    this.#frames++;
    if (this.everyFrame) this.#write();
  }

  /** Nothing more will be drawn. */
  end(): void {
    if (!this.everyFrame || this.#frames === 0) this.#write();
  }

  #write(): void {
    const name = this.#file.name.replace(NUMBER, (_, zero: string, width: string) =>
      String(this.#frames).padStart(Number(width || 0), zero === "0" ? "0" : " "),
    );
    this.#file.write(encodePNG(this.#machine.display.picture), name);
  }
}
