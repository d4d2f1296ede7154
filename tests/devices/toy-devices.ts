/** Devices whose answers show where an access arrived. */
import type { Device, Width } from "../../devices/hardware/device.ts";

/** Answers the offset it was asked at, and keeps what was written. */
export class AnswersItsOffset implements Device {
  readonly name = "AnswersItsOffset";
  readonly writes: [offset: number, width: number, value: number][] = [];
  readonly size: number;
  readonly widths: readonly Width[];

  constructor(size: number, widths: readonly Width[]) {
    this.size = size;
    this.widths = widths;
  }

  read(offset: number, _width: Width): number {
    return offset;
  }

  write(offset: number, width: Width, value: number): void {
    this.writes.push([offset, width, value]);
  }
}

/** Answers the number it was made with. */
export const answersItsId = (id: number, size: number): Device => ({
  name: `AnswersItsId ${id}`,
  size,
  widths: [1, 2, 4, 8],
  read: () => id,
  write() {},
});
