/** `--png FILE`: the last frame, or every frame when the name has a place for its number (frame-%04d.png). */
import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Computer } from "../computer.ts";
import { encodePNG } from "../display/png.ts";
import { UsageError } from "./usage-error.ts";

const NUMBER = /%(0?)(\d*)d/;

export class FrameWriter {
  readonly #computer: Computer;
  readonly #file: string;
  /** Does the name have a place for a number? */
  readonly everyFrame: boolean;
  #frames = 0;

  /** Makes the folder. @throws UsageError when nothing can be written there: before anything has been drawn. */
  constructor(computer: Computer, file: string) {
    refuse(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      accessSync(dirname(file), constants.W_OK);
    });
    this.#computer = computer;
    this.#file = file;
    this.everyFrame = NUMBER.test(file);
  }

  /** A frame was shown. */
  frame(): void {
    this.#frames++;
    if (this.everyFrame) this.#write(this.#file.replace(NUMBER, (_, zero, width) => this.#number(zero, width)));
  }

  /** Nothing more will be drawn. */
  end(): void {
    if (this.everyFrame && this.#frames > 0) return;
    this.#write(this.#file.replace(NUMBER, (_, zero, width) => this.#number(zero, width)));
  }

  #number(zero: string, width: string): string {
    return String(this.#frames).padStart(Number(width || 0), zero === "0" ? "0" : " ");
  }

  #write(file: string): void {
    const { picture } = this.#computer.frame();
    refuse(file, () => writeFileSync(file, encodePNG(picture)));
  }
}

const refuse = (file: string, work: () => void): void => {
  try {
    work();
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
};
