/**
 * A User without a kernel: memory that is always there, a brk and an anonymous mmap that work, and every other system
 * call answered by the test. The C library above it puts real bytes at real addresses.
 */
import type { Pin, Program, SignalInfo, User } from "../../abi/program.ts";
import { SYS_brk, SYS_mmap, SYS_munmap } from "../../abi/syscalls.ts";

export interface MadeCall {
  readonly nr: number;
  readonly args: readonly number[];
}

type Answer = (user: FakeUser, ...args: number[]) => number | Promise<number>;

const PAGE = 4096;
const MMAP_BASE = 0x3f_0000_0000;

export class FakeUser implements User {
  readonly argv: readonly string[] = ["fake"];
  readonly env = {};
  /** Everything but brk, in order. */
  readonly calls: MadeCall[] = [];
  readonly brks: number[] = [];
  deliver: ((handler: number, info: SignalInfo) => void) | null = null;
  child: Program | null = null;
  /** brk refuses beyond this. */
  breakLimit = 0x1000_0000;
  readonly #answers: Readonly<Record<number, Answer>>;
  readonly #pages: Map<number, Uint8Array>;
  #break: number;
  #mapped = MMAP_BASE;

  constructor(answers: Readonly<Record<number, Answer>> = {}, parent?: FakeUser) {
    this.#answers = answers;
    this.#pages = structuredClone(parent?.memory() ?? new Map());
    this.#break = parent === undefined ? 0x2_1234 : parent.#break;
  }

  memory(): Map<number, Uint8Array> {
    return this.#pages;
  }

  /** The calls with this number. */
  made(nr: number): (readonly number[])[] {
    return this.calls.filter((call) => call.nr === nr).map((call) => call.args);
  }

  syscall(nr: number, ...args: number[]): number | Promise<number> {
    if (nr === SYS_brk) return this.#brk(args[0]!);
    this.calls.push({ nr, args });
    const answer = this.#answers[nr];
    if (answer !== undefined) return answer(this, ...args);
    if (nr === SYS_munmap) return 0;
    if (nr === SYS_mmap) {
      const va = this.#mapped;
      this.#mapped += Math.ceil(args[1]! / PAGE) * PAGE;
      return va;
    }
    throw new Error(`the test did not expect system call ${nr}`);
  }

  #brk(va: number): number {
    this.brks.push(va);
    if (va !== 0 && va <= this.breakLimit) this.#break = va;
    return this.#break;
  }

  #at(va: number): { page: Uint8Array; offset: number } {
    const number = Math.floor(va / PAGE);
    const page = this.#pages.get(number) ?? new Uint8Array(PAGE);
    this.#pages.set(number, page);
    return { page, offset: va % PAGE };
  }

  read(va: number, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, i) => this.load8(va + i));
  }
  write(va: number, bytes: Uint8Array): void {
    bytes.forEach((byte, i) => {
      this.store8(va + i, byte);
    });
  }
  fill(va: number, byte: number, length: number): void {
    for (let i = 0; i < length; i++) this.store8(va + i, byte);
  }
  copy(to: number, from: number, length: number): void {
    this.write(to, this.read(from, length));
  }
  load8(va: number): number {
    const { page, offset } = this.#at(va);
    return page[offset]!;
  }
  store8(va: number, value: number): void {
    const { page, offset } = this.#at(va);
    page[offset] = value;
  }
  load16(va: number): number {
    return this.#view(va, 2).getUint16(0, true);
  }
  load32(va: number): number {
    return this.#view(va, 4).getUint32(0, true);
  }
  load64(va: number): bigint {
    return this.#view(va, 8).getBigUint64(0, true);
  }
  store16(va: number, value: number): void {
    this.write(va, Uint8Array.of(value, value >> 8));
  }
  store32(va: number, value: number): void {
    this.write(va, new Uint8Array(Uint32Array.of(value).buffer));
  }
  store64(va: number, value: bigint): void {
    this.write(va, new Uint8Array(BigUint64Array.of(value).buffer));
  }
  #view(va: number, length: number): DataView {
    return new DataView(this.read(va, length).buffer);
  }

  pin(_va: number, _length: number): Pin | number {
    throw new Error("not faked");
  }
  fork(child: Program): number {
    this.child = child;
    return 2;
  }
  onSignal(deliver: (handler: number, info: SignalInfo) => void): void {
    this.deliver = deliver;
  }

  /** The NUL-terminated ASCII string at `va`. */
  text(va: number): string {
    let text = "";
    for (let at = va; this.load8(at) !== 0; at++) text += String.fromCharCode(this.load8(at));
    return text;
  }
}
