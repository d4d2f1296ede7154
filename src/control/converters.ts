/**
 * How values cross between AssemblyScript 0.28 and the host. as-bind's own converters know the object layout of 0.19
 * (other class ids, another type table), take an Array's length for a typed array's, and let the collector free the
 * elements of an array while it is being filled; these take their place through its public `converters` map.
 *
 *   wasm → host   strings, Arrays and array buffers are copies; a typed array is a live view of linear memory, valid
 *                 until the memory grows, or until the module frees an array of its own heap
 *   host → wasm   always copies, pinned for the time of the call
 *
 * A wrong argument is a TypeError or RangeError that names the type and the value. Arguments before it that were
 * already copied stay pinned: as-bind has no way to let go of them.
 */
import type { AsBindInstance, Converter } from "../../build/as-bind.js";
import { booleans, floats, integers, longs, wrongType } from "./numbers.ts";
import {
  ARRAY_BUFFER_ID,
  ARRAY_SIZE,
  arrayLength,
  elementRange,
  header,
  type Runtime,
  STRING_ID,
  TYPED_ARRAY_SIZE,
  writeArray,
} from "./object-layout.ts";

const ARRAY = "~lib/array/Array<";
const TYPED_ARRAY = "~lib/typedarray/";
/** Code units decoded at once: a call's arguments live on the stack. */
const STRING_CHUNK = 4096;

/** The host's class for each of AssemblyScript's. Its name is the tag by which an argument is known. */
const TYPED_ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Int64Array: BigInt64Array,
  Uint64Array: BigUint64Array,
  Float32Array,
  Float64Array,
};
type TypedArrayClass = (typeof TYPED_ARRAYS)[keyof typeof TYPED_ARRAYS];

/** What an Array keeps its elements in; everything not listed is an object's address. */
const ELEMENTS: Record<string, TypedArrayClass> = {
  bool: Uint8Array,
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  isize: Int32Array,
  usize: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};

const runtimeOf = (instance: AsBindInstance): Runtime => instance.loadedModule.instance.exports as unknown as Runtime;

const typedArrayClass = (type: string): TypedArrayClass =>
  TYPED_ARRAYS[type.slice(TYPED_ARRAY.length) as keyof typeof TYPED_ARRAYS];

const strings: Converter = {
  ascToJs(instance, value) {
    const string = Number(value);
    if (string === 0) return null;
    const runtime = runtimeOf(instance);
    const { id, bytes } = header(runtime, string);
    if (id !== STRING_ID) throw new Error(`not a string: object 0x${string.toString(16)} is of class ${id}`);
    const units = new Uint16Array(runtime.memory.buffer, string, bytes >>> 1);
    // not TextDecoder: it refuses or replaces the lone surrogates a string may hold
    let text = "";
    for (let at = 0; at < units.length; at += STRING_CHUNK) {
      // apply, because the engine would walk a spread typed array with an iterator: six times slower
      text += String.fromCharCode.apply(null, units.subarray(at, at + STRING_CHUNK) as unknown as number[]);
    }
    return text;
  },
  jsToAsc(instance, value) {
    if (typeof value !== "string") throw wrongType("string", value);
    const runtime = runtimeOf(instance);
    const string = runtime.__new(value.length * 2, STRING_ID);
    const units = new Uint16Array(runtime.memory.buffer, string, value.length);
    for (let at = 0; at < value.length; at++) units[at] = value.charCodeAt(at);
    return string;
  },
};

const newBuffer = (runtime: Runtime, bytes: Uint8Array): number => {
  const buffer = runtime.__new(bytes.length, ARRAY_BUFFER_ID);
  new Uint8Array(runtime.memory.buffer, buffer, bytes.length).set(bytes);
  return buffer;
};

const arrayBuffers: Converter = {
  ascToJs(instance, value) {
    const buffer = Number(value);
    if (buffer === 0) return null;
    const runtime = runtimeOf(instance);
    return runtime.memory.buffer.slice(buffer, buffer + header(runtime, buffer).bytes);
  },
  jsToAsc(instance, value) {
    if (Object.prototype.toString.call(value) !== "[object ArrayBuffer]") throw wrongType("ArrayBuffer", value);
    return newBuffer(runtimeOf(instance), new Uint8Array(value as ArrayBuffer));
  },
};

const typedArrays: Converter = {
  ascToJs(instance, value, type) {
    const array = Number(value);
    if (array === 0) return null;
    const runtime = runtimeOf(instance);
    const { start, byteLength } = elementRange(runtime, array);
    const View = typedArrayClass(type);
    return new View(runtime.memory.buffer, start, byteLength / View.BYTES_PER_ELEMENT);
  },
  jsToAsc(instance, value, type) {
    const { name } = typedArrayClass(type);
    // by tag, not instanceof: an array of another window or vm context is as good
    if (!ArrayBuffer.isView(value) || Object.prototype.toString.call(value) !== `[object ${name}]`) {
      throw wrongType(name, value);
    }
    const runtime = runtimeOf(instance);
    const buffer = runtime.__pin(newBuffer(runtime, new Uint8Array(value.buffer, value.byteOffset, value.byteLength)));
    const array = runtime.__new(TYPED_ARRAY_SIZE, instance.getTypeId(type));
    writeArray(runtime, array, buffer, value.byteLength);
    runtime.__unpin(buffer);
    return array;
  },
};

const elementType = (type: string): string => type.slice(ARRAY.length, -1);

const arrays: Converter = {
  ascToJs(instance, value, type) {
    const array = Number(value);
    if (array === 0) return null;
    const runtime = runtimeOf(instance);
    const element = elementType(type);
    const { ascToJs } = converterOf(element);
    const Elements = ELEMENTS[element] ?? Uint32Array;
    const stored = new Elements(runtime.memory.buffer, elementRange(runtime, array).start, arrayLength(runtime, array));
    return Array.from(stored as ArrayLike<number | bigint>, (one) => ascToJs(instance, one, element));
  },
  jsToAsc(instance, value, type) {
    if (!Array.isArray(value)) throw wrongType("Array", value);
    const runtime = runtimeOf(instance);
    const element = elementType(type);
    const { jsToAsc } = converterOf(element);
    const Elements = ELEMENTS[element] ?? Uint32Array;
    const size = value.length * Elements.BYTES_PER_ELEMENT;
    const buffer = runtime.__pin(newBuffer(runtime, new Uint8Array(size)));
    const array = runtime.__pin(runtime.__new(ARRAY_SIZE, instance.getTypeId(type)));
    try {
      writeArray(runtime, array, buffer, size, value.length);
      for (let at = 0; at < value.length; at++) {
        const stored = jsToAsc(instance, value[at], element);
        // a new view each time: making the element may have grown the memory
        new Elements(runtime.memory.buffer, buffer, value.length)[at] = stored as never;
      }
    } finally {
      runtime.__unpin(array);
      runtime.__unpin(buffer);
    }
    return array;
  },
};

const nothing: Converter = { ascToJs: () => undefined, jsToAsc: (_instance, value) => value };

const unknown: Converter = {
  ascToJs(_instance, _value, type) {
    throw new TypeError(`a result of type ${type} cannot cross the boundary`);
  },
  jsToAsc(_instance, _value, type) {
    throw new TypeError(`an argument of type ${type} cannot cross the boundary`);
  },
};

/** Every key is a whole type: "bool" must not match "~lib/array/Array<bool>". */
const CONVERTERS: readonly (readonly [RegExp, Converter])[] = [
  [/^void$/, nothing],
  [/^(?:[iu](?:8|16|32)|[iu]size)$/, integers],
  [/^[iu]64$/, longs],
  [/^f(?:32|64)$/, floats],
  [/^bool$/, booleans],
  [/^~lib\/string\/String$/, strings],
  [/^~lib\/arraybuffer\/ArrayBuffer$/, arrayBuffers],
  [/^~lib\/typedarray\/\w+$/, typedArrays],
  [/^~lib\/array\/Array<.+>$/, arrays],
  [/^/, unknown],
];

function converterOf(type: string): Converter {
  const found = CONVERTERS.find(([pattern]) => pattern.test(type));
  return found ? found[1] : unknown;
}

/** Puts these converters into as-bind's map, in place of its own. */
export const registerConverters = (map: Map<string | RegExp, Converter>): void => {
  map.clear();
  for (const [pattern, converter] of CONVERTERS) map.set(pattern, converter);
};
