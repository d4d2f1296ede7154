/** Single numbers to and from user memory (put_user, get_user). */
import type { Core } from "./core.ts";

export const wordBytes = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
};

const doubleWordBytes = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
};

/** False: EFAULT. */
export const putWord = (core: Core, pointer: number, value: number): boolean =>
  core.copyToUser(pointer, wordBytes(value)) === 0;

export const putDoubleWord = (core: Core, pointer: number, value: bigint): boolean =>
  core.copyToUser(pointer, doubleWordBytes(value)) === 0;

/** An unsigned number, or null: EFAULT. */
export const getWord = (core: Core, pointer: number): number | null => {
  const bytes = new Uint8Array(4);
  return core.copyFromUser(bytes, pointer) === 0 ? new DataView(bytes.buffer).getUint32(0, true) : null;
};

/** As a register holds it: signed. */
export const getDoubleWord = (core: Core, pointer: number): bigint | null => {
  const bytes = new Uint8Array(8);
  return core.copyFromUser(bytes, pointer) === 0 ? new DataView(bytes.buffer).getBigInt64(0, true) : null;
};
