/** `--gif FILE`, `--apng FILE`: everything that the screen showed, as a film. */
import type { ScreenFrame } from "../api/screen.ts";
import type { Animation } from "../display/animation.ts";
import type { OutputFile } from "./output-file.ts";
import { UsageError } from "./usage-error.ts";

export class FilmWriter {
  readonly #file: OutputFile;
  readonly #animation: Animation;
  #begin: number | null = null;
  #last = 0;

  constructor(file: OutputFile, animation: Animation) {
    this.#file = file;
    this.#animation = animation;
  }

  /** @throws UsageError when the program set another screen size. */
  show({ picture, top, bottom, time }: ScreenFrame): void {
    this.#begin ??= time;
    this.#last = (time - this.#begin) / 1e9;
    try {
      this.#animation.add(picture, top, bottom, this.#last);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  }

  /** The machine has stopped at `time`, in its nanoseconds. */
  end(time: number): void {
    this.#file.write(this.#animation.end(Math.max(this.#last, (time - (this.#begin ?? time)) / 1e9)));
  }
}
