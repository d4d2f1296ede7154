/** System calls and page faults as they happen, but never more of them than a reader can follow. */
import type { PageFaultInfo, ScanoutMachine } from "../src/index.ts";
import { FAULT_MARK } from "./panels/events.ts";

const INTERVAL = 200;
const LINES = 40;

/** What the kernel did about a fault. */
const ANSWERS: Readonly<Record<PageFaultInfo["kind"], string>> = {
  "zero page": "reads the shared page of zeroes",
  "new page": "gets a new page",
  "fault handler": "the file's or driver's fault handler gives the page",
  "copy on write": "gets its own copy",
  "made writable": "may now write the shared page",
  "no mapping": "nothing is mapped there",
  "not permitted": "the mapping forbids it",
  "bus error": "there is no page behind it",
  "out of memory": "no memory is left",
};

const faultLine = ({ access, address, mapping, kind }: PageFaultInfo): string => {
  const where = mapping === null ? "" : ` in ${mapping || "anonymous memory"}`;
  return `${FAULT_MARK}${access} at 0x${address.toString(16)}${where}: ${ANSWERS[kind]}`;
};

export class TraceBuffer {
  readonly #tell: (lines: readonly string[], dropped: number) => void;
  #lines: string[] = [];
  #dropped = 0;
  #stop: (() => void) | null = null;

  constructor(tell: (lines: readonly string[], dropped: number) => void) {
    this.#tell = tell;
  }

  follow(machine: ScanoutMachine): void {
    const endCalls = machine.inspect.trace((line) => {
      if (this.#lines.length < LINES) this.#lines.push(line);
      else this.#dropped++;
    });
    const endFaults = machine.inspect.faults((fault) => {
      if (this.#lines.length < LINES) this.#lines.push(faultLine(fault));
      else this.#dropped++;
    });
    const timer = setInterval(() => this.#flush(), INTERVAL);
    this.#stop = () => {
      endCalls();
      endFaults();
      clearInterval(timer);
      this.#flush();
    };
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#tell(this.#lines, this.#dropped);
    this.#lines = [];
    this.#dropped = 0;
  }
}
