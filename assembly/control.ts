/**
 * The control surface: what the host asks for in words and views. as-bind binds every function exported here
 * (as-bind-transform.mjs); hot exports stand in index.ts and stay raw.
 *
 * A function that allocates starts by freeing what the last one returned: the host has copied the string, and a view
 * of it does not need our header. So the heap never holds more than one result.
 */
import { Hart } from "./hart.ts";
import { PALETTE, PICTURE, PICTURE_SIZE, RAM, VIDEO_MEMORY } from "./layout.ts";

const PALETTE_BYTES = 256 * 4;
const MIB: u32 = 0x10_0000;

/** Exception codes in the words of § "Machine Cause (mcause) Register", table "Machine cause register values". */
const EXCEPTIONS: StaticArray<string> = [
  "Instruction address misaligned",
  "Instruction access fault",
  "Illegal instruction",
  "Breakpoint",
  "Load address misaligned",
  "Load access fault",
  "Store/AMO address misaligned",
  "Store/AMO access fault",
  "Environment call from U-mode",
  "Environment call from S-mode",
  "Reserved",
  "Environment call from M-mode",
  "Instruction page fault",
  "Load page fault",
  "Reserved",
  "Store/AMO page fault",
  "Reserved",
  "Reserved",
  "Software check",
  "Hardware error",
];

export function causeName(cause: u32): string {
  if (cause < <u32>EXCEPTIONS.length) return EXCEPTIONS[cause];
  if ((cause >= 24 && cause <= 31) || (cause >= 48 && cause <= 63)) return "Designated for custom use";
  return "Reserved";
}

export function describe(): string {
  __collect();
  const hart = Hart.record;
  return `RV64GC with Sv39, ${size(hart.ramSize)} RAM, ${size(hart.vramSize)} video memory`;
}

function size(bytes: u32): string {
  return bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes / 1024} KiB`;
}

export function videoMemory(): Uint8Array {
  return view<Uint8Array>(VIDEO_MEMORY, Hart.record.vramSize);
}

export function ram(): Uint8Array {
  return view<Uint8Array>(RAM, Hart.record.ramSize);
}

export function picture(): Uint8ClampedArray {
  return view<Uint8ClampedArray>(PICTURE, PICTURE_SIZE);
}

export function palette(): Uint32Array {
  return view<Uint32Array>(PALETTE, PALETTE_BYTES);
}

/**
 * A typed array over a fixed region: a header, and no copy. It names no buffer, for the region is no object of the
 * heap; the collector would look for an object's header before it.
 */
function view<T>(start: u32, byteLength: u32): T {
  __collect();
  const header = __new(offsetof<T>(), idof<T>());
  store<usize>(header, 0, offsetof<T>("buffer"));
  store<usize>(header, start, offsetof<T>("dataStart"));
  store<i32>(header, byteLength, offsetof<T>("byteLength"));
  return changetype<T>(header);
}
