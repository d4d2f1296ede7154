/** Figures as people read them. */
import type { Estimate } from "../../bench/statistics.ts";

/** Three digits that count: 0.0123, 1.23, 12.3, 123, 1,234. */
export const digits = (value: number): string => {
  if (value === 0) return "0";
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
};

/** "56.5 µs". */
export const duration = (milliseconds: number): string => {
  if (milliseconds < 0.001) return `${digits(milliseconds * 1e6)} ns`;
  return milliseconds < 1 ? `${digits(milliseconds * 1e3)} µs` : `${digits(milliseconds)} ms`;
};

export const times = (ratio: number): string => `${digits(ratio)}×`;

/** "2.36× (2.30–2.41)". */
export const interval = ({ median, low, high }: Estimate): string =>
  `${times(median)} (${digits(low)}–${digits(high)})`;

export const whole = (value: number | null): string => (value === null ? "–" : value.toLocaleString("en-US"));

/** Rows in columns: the first column begins at the left, the others end at the right. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, [...cell].length)),
    [],
  );
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
};
