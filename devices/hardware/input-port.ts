/**
 * The wire between a hand and the machine: a keyboard, tablet or mouse reports what it did, in the numbers that Linux's
 * input events have (as virtio's input devices do). Reports of one call belong together.
 */
export interface InputReport {
  readonly type: number;
  readonly code: number;
  /** Signed. */
  readonly value: number;
}

export class InputPort {
  #onReport: (reports: readonly InputReport[]) => void = () => {};

  /** Something was pressed, moved or turned. Nobody listens: it is lost. */
  report(reports: readonly InputReport[]): void {
    this.#onReport(reports);
  }

  /** Who is told of reports. One listener. */
  attach(onReport: (reports: readonly InputReport[]) => void): void {
    this.#onReport = onReport;
  }
}
