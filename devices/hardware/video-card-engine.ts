/**
 * The 2D engine: fills and copies rectangles of video memory at the store of a command. video-card-registers.ts is its
 * data sheet.
 *
 * Whatever the registers hold, no byte outside video memory is read or written: a command is checked whole, after
 * clipping, and refused whole.
 *
 * Not modelled: the time that an operation takes (it is over when the store of COMMAND is), raster operations, lines,
 * patterns, transparency, conversion between formats.
 */
import {
  ENGINE_COPY,
  ENGINE_FILL,
  ENGINE_STATUS_REFUSED,
  REG_ENGINE_CLIP_END,
  REG_ENGINE_CLIP_START,
  REG_ENGINE_COLOUR,
  REG_ENGINE_COMMAND,
  REG_ENGINE_COUNT,
  REG_ENGINE_PIXEL_SIZE,
  REG_ENGINE_SIZE,
  REG_ENGINE_SOURCE_BASE,
  REG_ENGINE_SOURCE_PITCH,
  REG_ENGINE_SOURCE_POSITION,
  REG_ENGINE_STATUS,
  REG_ENGINE_TARGET_BASE,
  REG_ENGINE_TARGET_PITCH,
  REG_ENGINE_TARGET_POSITION,
} from "./video-card-registers.ts";

/** Video memory as the engine reaches it. */
export interface VideoMemory {
  /** All of it; it begins at a multiple of 4 in its buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes [offset, offset + length) were written. */
  written(offset: number, length: number): void;
}

/** The registers, by their offsets; those that are not here were never written. */
export interface EngineState {
  status: number;
  count: number;
  /** COLOUR … CLIP_END. */
  registers: Uint32Array;
}

const FIRST = REG_ENGINE_PIXEL_SIZE;
const LAST = REG_ENGINE_CLIP_END;

export const makeEngineState = (): EngineState => {
  const registers = new Uint32Array((LAST - FIRST) / 4 + 1);
  // Nothing is clipped.
  registers[(REG_ENGINE_CLIP_END - FIRST) / 4] = 0x7fff_7fff;
  return { status: 0, count: 0, registers };
};

export const readEngine = ({ status, count, registers }: EngineState, offset: number): number => {
  if (offset === REG_ENGINE_STATUS) return status;
  if (offset === REG_ENGINE_COUNT) return count;
  return registers[(offset - FIRST) / 4] ?? 0;
};

export function writeEngine(state: EngineState, memory: VideoMemory, offset: number, value: number): void {
  if (offset >= FIRST && offset <= LAST) state.registers[(offset - FIRST) / 4] = value;
  if (offset !== REG_ENGINE_COMMAND) return;
  const done = execute(new Operation(state.registers), memory, value);
  state.status = done ? state.status & ~ENGINE_STATUS_REFUSED : state.status | ENGINE_STATUS_REFUSED;
  if (done) state.count = (state.count + 1) >>> 0;
}

/** The low half of a register, and the high one: a signed number each. */
const low = (value: number): number => (value << 16) >> 16;
const high = (value: number): number => value >> 16;

/** What the registers ask for, clipped. */
class Operation {
  readonly pixel: number;
  readonly colour: number;
  readonly target: Surface;
  readonly source: Surface;
  readonly width: number;
  readonly height: number;

  constructor(registers: Uint32Array) {
    const at = (offset: number): number => registers[(offset - FIRST) / 4]!;
    const [position, size] = [at(REG_ENGINE_TARGET_POSITION), at(REG_ENGINE_SIZE)];
    const [clipStart, clipEnd] = [at(REG_ENGINE_CLIP_START), at(REG_ENGINE_CLIP_END)];
    const left = Math.max(low(position), low(clipStart));
    const top = Math.max(high(position), high(clipStart));
    this.width = Math.min(low(position) + (size & 0xffff), low(clipEnd)) - left;
    this.height = Math.min(high(position) + (size >>> 16), high(clipEnd)) - top;
    this.pixel = at(REG_ENGINE_PIXEL_SIZE);
    this.colour = at(REG_ENGINE_COLOUR);
    this.target = new Surface(at(REG_ENGINE_TARGET_BASE), at(REG_ENGINE_TARGET_PITCH), left, top);
    // What is clipped away from the target's left and top is not read either.
    const from = at(REG_ENGINE_SOURCE_POSITION);
    this.source = new Surface(
      at(REG_ENGINE_SOURCE_BASE),
      at(REG_ENGINE_SOURCE_PITCH),
      low(from) + left - low(position),
      high(from) + top - high(position),
    );
  }
}

class Surface {
  readonly base: number;
  readonly pitch: number;
  readonly x: number;
  readonly y: number;

  constructor(base: number, pitch: number, x: number, y: number) {
    this.base = base;
    this.pitch = pitch;
    this.x = x;
    this.y = y;
  }

  /** Byte offset of the first pixel. */
  start(pixel: number): number {
    return this.base + this.y * this.pitch + this.x * pixel;
  }

  /** Do `height` rows of `width` pixels lie in `size` bytes, each inside its pitch, at whole pixels? */
  holds(pixel: number, width: number, height: number, size: number): boolean {
    if (this.x < 0 || this.y < 0 || this.base % pixel !== 0 || this.pitch % pixel !== 0) return false;
    if ((this.x + width) * pixel > this.pitch) return false;
    return this.start(pixel) + (height - 1) * this.pitch + width * pixel <= size;
  }
}

/** False: refused. An operation that is clipped away is done. */
function execute(operation: Operation, memory: VideoMemory, command: number): boolean {
  const { pixel, width, height, target, source } = operation;
  if ((command !== ENGINE_FILL && command !== ENGINE_COPY) || ![1, 2, 4].includes(pixel)) return false;
  if (width <= 0 || height <= 0) return true;
  const size = memory.bytes.length;
  if (!target.holds(pixel, width, height, size)) return false;
  if (command === ENGINE_COPY && !source.holds(pixel, width, height, size)) return false;
  if (command === ENGINE_FILL) fill(operation, memory.bytes);
  else copy(operation, memory.bytes);
  memory.written(target.start(pixel), (height - 1) * target.pitch + width * pixel);
  return true;
}

function fill(operation: Operation, { buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): void {
  const { pixel, colour, target, width, height } = operation;
  const View = pixel === 4 ? Uint32Array : pixel === 2 ? Uint16Array : Uint8Array;
  const pixels = new View(buffer, byteOffset, Math.floor(length / pixel));
  let at = target.start(pixel) / pixel;
  const pitch = target.pitch / pixel;
  if (pitch === width) {
    pixels.fill(colour, at, at + width * height);
    return;
  }
  for (let row = 0; row < height; row++, at += pitch) pixels.fill(colour, at, at + width);
}

/** As if all of the source were read before the target is written. */
function copy({ pixel, target, source, width, height }: Operation, bytes: Uint8Array): void {
  const row = width * pixel;
  const to = target.start(pixel);
  let from = source.start(pixel);
  let { pitch } = source;
  let pixels = bytes;
  if (pitch === target.pitch) {
    if (pitch === row) {
      bytes.copyWithin(to, from, from + row * height);
      return;
    }
  } else if (from < to + (height - 1) * target.pitch + row && to < from + (height - 1) * pitch + row) {
    // Rows that drift against each other have no safe order: through a copy.
    pixels = bytes.slice(from, from + (height - 1) * pitch + row);
    from = 0;
    pitch = source.pitch;
  }
  // Rows of one pitch meet only those that were read already when the order is away from where they go.
  for (let i = 0; i < height; i++) {
    const y = to > from ? height - 1 - i : i;
    const start = from + y * pitch;
    if (pixels === bytes) bytes.copyWithin(to + y * target.pitch, start, start + row);
    else bytes.set(pixels.subarray(start, start + row), to + y * target.pitch);
  }
}
