/** Physical memory of the reference model: page by page, with a log, so that a guess can be taken back. */
import { RAM_BASE, VRAM_BASE } from "../../assembly/memory-map.ts";
import type { BareMachine } from "./harness.ts";

const PAGE = 4096;

interface Write {
  readonly frame: Uint8Array;
  readonly offset: number;
  readonly old: number;
}

export class ModelMemory {
  readonly #machine: BareMachine;
  /** By physical address: every page that was ever looked at. All others are zero, in the machine too. */
  readonly #frames = new Map<number, Uint8Array>();
  #log: Write[] = [];

  constructor(machine: BareMachine) {
    this.#machine = machine;
  }

  has(pa: bigint): boolean {
    const at = Number(pa);
    const { ramSize, vramSize } = this.#machine;
    return (at >= RAM_BASE && at < RAM_BASE + ramSize) || (at >= VRAM_BASE && at < VRAM_BASE + vramSize);
  }

  read64(pa: bigint): bigint | null {
    if (!this.has(pa)) return null;
    const [frame, offset] = this.#locate(Number(pa));
    return new DataView(frame.buffer).getBigUint64(offset, true);
  }

  read8(pa: bigint): number {
    const [frame, offset] = this.#locate(Number(pa));
    return frame[offset]!;
  }

  write8(pa: bigint, value: number): void {
    const [frame, offset] = this.#locate(Number(pa));
    this.#log.push({ frame, offset, old: frame[offset]! });
    frame[offset] = value;
  }

  write64(pa: bigint, value: bigint): void {
    for (let i = 0n; i < 8n; i++) this.write8(pa + i, Number((value >> (8n * i)) & 0xffn));
  }

  setPage(pa: number, bytes: Uint8Array): void {
    this.#locate(pa)[0].set(bytes);
  }

  /** Takes back everything since the last keep(). */
  rollback(): void {
    for (let write = this.#log.pop(); write !== undefined; write = this.#log.pop()) {
      write.frame[write.offset] = write.old;
    }
  }

  keep(): void {
    this.#log = [];
  }

  /** Whether the machine's memory is the same, page by page. */
  equalsMachine(): boolean {
    for (const [pa, frame] of this.#frames) {
      if (Buffer.compare(frame, this.#machine.bytes(pa, PAGE)) !== 0) return false;
    }
    return true;
  }

  /** Zeroes the machine's copy of every page looked at. */
  clearMachine(): void {
    for (const pa of this.#frames.keys()) this.#machine.bytes(pa, PAGE).fill(0);
  }

  /** After clearMachine(): the machine wrote to no page that the model never reached. */
  othersAreZero(): boolean {
    const { ramSize, vramSize } = this.#machine;
    return [this.#machine.bytes(RAM_BASE, ramSize), this.#machine.bytes(VRAM_BASE, vramSize)].every(
      (bytes) => Buffer.compare(bytes, new Uint8Array(bytes.length)) === 0,
    );
  }

  #locate(pa: number): [Uint8Array, number] {
    const base = pa - (pa % PAGE);
    let frame = this.#frames.get(base);
    if (frame === undefined) {
      frame = new Uint8Array(PAGE);
      this.#frames.set(base, frame);
    }
    return [frame, pa - base];
  }
}
