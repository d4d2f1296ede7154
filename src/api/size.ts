/** Amounts of memory as people write them. */
import { ScanoutError } from "./error.ts";

/** Bytes, or a number with a unit: "64MiB", "512 KiB", "1GiB". */
export type Size = number | string;

const UNITS: Readonly<Record<string, number>> = { "": 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** @throws ScanoutError (ERANGE_OPTION) when it is neither. */
export const parseBytes = (what: string, size: Size): number => {
  if (typeof size === "number") return size;
  const [, number = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(size) ?? [];
  const factor = number !== "" && Object.hasOwn(UNITS, unit) ? UNITS[unit]! : Number.NaN;
  const bytes = Number(number) * factor;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new ScanoutError("ERANGE_OPTION", `${what}: "${size}" is not a size as in 64MiB (B, KiB, MiB, GiB)`);
};
