/**
 * C structs from their field tables. `defineStruct` lays the fields out as the riscv64 psABI does (LP64, natural
 * alignment, size padded to the largest alignment), and reads and writes them little-endian:
 *
 *     export const timespec = defineStruct({ tv_sec: i64, tv_nsec: i64 });
 *     timespec.size                          16
 *     timespec.offsets.tv_nsec               8
 *     timespec.encode({ tv_sec: 1 })         16 bytes; a field that is left out is zero
 *     timespec.read(bytes).tv_sec            1
 *     timespec.write(bytes, 0, { tv_nsec })  stores the named fields only
 *
 * A 64-bit field is a number: `i64` (long, and every address: see devices/drivers/driver.ts) signed, `u64` unsigned.
 * Reading a value beyond ±2^53 gives the nearest double, as Number(bigint) does; a field whose single bits matter
 * (sigset_t) is a `bits64`, which is a bigint.
 */

/** How one field is stored. `T` is what reading gives, `W` what writing takes. */
export interface Kind<T, W = T> {
  /** Bytes. */
  readonly size: number;
  /** Bytes, a power of two. */
  readonly align: number;
  get(view: DataView, at: number): T;
  set(view: DataView, at: number, value: W): void;
}

/** The fields of a struct in C's order. */
// biome-ignore lint/suspicious/noExplicitAny: a table of fields of all types; `unknown` would not infer them.
export type Fields = Readonly<Record<string, Kind<any, any>>>;

type Read<F extends Fields> = { [K in keyof F]: F[K] extends Kind<infer T, infer _W> ? T : never };
type Write<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Kind<infer _T, infer W> ? W : never };

/** A struct is itself a kind of field. */
export interface Struct<F extends Fields> extends Kind<Read<F>, Write<F>> {
  readonly fields: F;
  /** Byte offset of each field (offsetof). */
  readonly offsets: { readonly [K in keyof F]: number };
  /** The struct at byte `at`. Throws RangeError when `bytes` ends before the struct does. */
  read(bytes: Uint8Array, at?: number): Read<F>;
  /** Stores the named fields at byte `at` and leaves the others alone. */
  write(bytes: Uint8Array, at: number, value: Write<F>): void;
  /** A new struct with the named fields set and everything else, padding too, zero. */
  encode(value: Write<F>): Uint8Array;
}

/** The plain object that reading a struct gives: `type Timespec = StructValue<typeof timespec>`. */
export type StructValue<S> = S extends Struct<infer F> ? Read<F> : never;

/** Throws RangeError when `bytes` ends before the struct at `at` does, TypeError for a field that is not in the table. */
export function defineStruct<F extends Fields>(fields: F, options: { size?: number } = {}): Struct<F> {
  const names: (keyof F & string)[] = Object.keys(fields);
  const offsets: Record<string, number> = {};
  let end = 0;
  let align = 1;
  for (const name of names) {
    const field = fields[name]!;
    end = roundUp(end, field.align);
    offsets[name] = end;
    end += field.size;
    align = Math.max(align, field.align);
  }
  const size = Math.max(roundUp(end, align), options.size ?? 0);

  const get = (view: DataView, at: number): Read<F> => {
    const value: Record<string, unknown> = {};
    for (const name of names) value[name] = fields[name]!.get(view, at + offsets[name]!);
    return value as Read<F>;
  };
  const set = (view: DataView, at: number, value: Write<F>): void => {
    for (const name of Object.keys(value)) {
      const field = fields[name];
      if (field === undefined) throw new TypeError(`no field ${name} in { ${names.join(", ")} }`);
      field.set(view, at + offsets[name]!, value[name]);
    }
  };
  const over = (bytes: Uint8Array, at: number): DataView => {
    if (at < 0 || at + size > bytes.length)
      throw new RangeError(`a struct of ${size} bytes at ${at} does not fit in ${bytes.length} bytes`);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return {
    fields,
    offsets: offsets as { [K in keyof F]: number },
    size,
    align,
    get,
    set,
    read: (bytes, at = 0) => get(over(bytes, at), at),
    write: (bytes, at, value) => set(over(bytes, at), at, value),
    encode(value) {
      const bytes = new Uint8Array(size);
      set(over(bytes, 0), 0, value);
      return bytes;
    },
  };
}

export const u8: Kind<number> = {
  size: 1,
  align: 1,
  get: (view, at) => view.getUint8(at),
  set: (view, at, value) => view.setUint8(at, value),
};
export const u16: Kind<number> = {
  size: 2,
  align: 2,
  get: (view, at) => view.getUint16(at, true),
  set: (view, at, value) => view.setUint16(at, value, true),
};
export const i16: Kind<number> = {
  size: 2,
  align: 2,
  get: (view, at) => view.getInt16(at, true),
  set: (view, at, value) => view.setInt16(at, value, true),
};
export const u32: Kind<number> = {
  size: 4,
  align: 4,
  get: (view, at) => view.getUint32(at, true),
  set: (view, at, value) => view.setUint32(at, value, true),
};
export const i32: Kind<number> = {
  size: 4,
  align: 4,
  get: (view, at) => view.getInt32(at, true),
  set: (view, at, value) => view.setInt32(at, value, true),
};
/** long, off_t, time_t, and every pointer. Writing anything but an integer throws RangeError. */
export const i64: Kind<number> = {
  size: 8,
  align: 8,
  get: (view, at) => Number(view.getBigInt64(at, true)),
  set: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
};
/** unsigned long, size_t. A negative number is stored as two's complement: -1 is ULONG_MAX. */
export const u64: Kind<number> = {
  size: 8,
  align: 8,
  get: (view, at) => Number(view.getBigUint64(at, true)),
  set: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
};
/** 64 single bits (sigset_t, statx attributes). */
export const bits64: Kind<bigint> = {
  size: 8,
  align: 8,
  get: (view, at) => view.getBigUint64(at, true),
  set: (view, at, value) => view.setBigUint64(at, value, true),
};
/** A C pointer: a signed address. */
export const pointer = i64;

/** `T name[length]`. Writing a shorter array leaves the rest alone; a longer one throws RangeError. */
export function array<T, W>(element: Kind<T, W>, length: number): Kind<T[], readonly W[]> {
  return {
    size: element.size * length,
    align: element.align,
    get: (view, at) => Array.from({ length }, (_, i) => element.get(view, at + i * element.size)),
    set(view, at, values) {
      if (values.length > length) throw new RangeError(`${values.length} values for an array of ${length}`);
      for (const [i, value] of values.entries()) element.set(view, at + i * element.size, value);
    },
  };
}

/**
 * `char name[length]` that holds a NUL-terminated UTF-8 string. Writing clears the rest of the array; a string that
 * leaves no room for the NUL throws RangeError.
 */
export function chars(length: number): Kind<string> {
  return {
    size: length,
    align: 1,
    get(view, at) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(bytes.slice(0, end < 0 ? length : end));
    },
    set(view, at, value) {
      const text = new TextEncoder().encode(value);
      if (text.length >= length) throw new RangeError(`"${value}" is too long for char[${length}]`);
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
      bytes.fill(0).set(text);
    },
  };
}

const roundUp = (value: number, align: number): number => Math.ceil(value / align) * align;
