/** Lengths and addresses as system calls get them: 64-bit registers, which a number shows signed. */
import { PAGE_ALIGN } from "../../../devices/drivers/vm.ts";

const TWO_64 = 2 ** 64;

/** A size_t: what is negative as a signed number lies above 2^63. */
export const unsigned = (register: number): number => (register < 0 ? register + TWO_64 : register);

/** PAGE_ALIGN of a size_t, in bytes: what is rounded past 2^64 becomes 0. */
export const pageAlignSize = (register: number): number => {
  const aligned = PAGE_ALIGN(unsigned(register));
  return aligned >= TWO_64 ? 0 : aligned;
};

/** The end of [start, start + size), or null when it lies past 2^64. Both unsigned. */
export const rangeEnd = (start: number, size: number): number | null => {
  const end = start + size;
  return end > TWO_64 || (end === TWO_64 && size > 0) ? null : end;
};
