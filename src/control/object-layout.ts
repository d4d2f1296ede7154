/**
 * Objects of AssemblyScript 0.28 in linear memory (std/assembly/rt/common.ts, std/assembly/arraybuffer.ts and array.ts).
 * An object's address is that of its first field; its header lies before it. All words are u32, little-endian.
 *
 *   -20 block info │ -16 next │ -12 previous │ -8 class id │ -4 bytes │ 0 fields …
 *
 *   String        fields are the UTF-16 code units
 *   ArrayBuffer   fields are the bytes
 *   typed array   buffer │ data start │ byte length
 *   Array         buffer │ data start │ byte length │ length
 */
const CLASS_ID = -8;
const BYTES = -4;
const BUFFER = 0;
const DATA_START = 4;
const BYTE_LENGTH = 8;
const LENGTH = 12;

export const TYPED_ARRAY_SIZE = 12;
export const ARRAY_SIZE = 16;

/** Class ids the language fixes; all others come from the module. */
export const ARRAY_BUFFER_ID = 1;
export const STRING_ID = 2;

/** What a module compiled with --exportRuntime exports. */
export interface Runtime {
  readonly memory: WebAssembly.Memory;
  /** The address of a new object of `size` bytes. It may grow the memory: views made before are then detached. */
  __new(size: number, id: number): number;
  /** Keeps an object, and what it refers to, alive; a pin is not counted. Returns the address. */
  __pin(address: number): number;
  __unpin(address: number): void;
  /** Frees what neither a global nor a pinned object reaches. Never while a function of the module holds an object. */
  __collect(): void;
}

const words = (runtime: Runtime): DataView => new DataView(runtime.memory.buffer);

/** `bytes` is the size of a string's code units or of an array buffer. */
export const header = (runtime: Runtime, object: number): { id: number; bytes: number } => {
  const memory = words(runtime);
  return { id: memory.getUint32(object + CLASS_ID, true), bytes: memory.getUint32(object + BYTES, true) };
};

/** The elements of a typed array or Array, wherever they lie in its buffer. In bytes. */
export const elementRange = (runtime: Runtime, array: number): { start: number; byteLength: number } => {
  const memory = words(runtime);
  return {
    start: memory.getUint32(array + DATA_START, true),
    byteLength: memory.getUint32(array + BYTE_LENGTH, true),
  };
};

/** Elements of an Array: its byte length is its capacity. */
export const arrayLength = (runtime: Runtime, array: number): number => words(runtime).getUint32(array + LENGTH, true);

/** Makes the header of a typed array or Array over the whole of a buffer. */
export const writeArray = (runtime: Runtime, array: number, buffer: number, byteLength: number, length?: number) => {
  const memory = words(runtime);
  memory.setUint32(array + BUFFER, buffer, true);
  memory.setUint32(array + DATA_START, buffer, true);
  memory.setUint32(array + BYTE_LENGTH, byteLength, true);
  if (length !== undefined) memory.setUint32(array + LENGTH, length, true);
};
