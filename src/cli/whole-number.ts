/** Numbers on the command line. */
import { UsageError } from "./usage-error.ts";

/** An option's whole number, `least` to `most`; undefined when it was not given. @throws UsageError that names both. */
export const wholeNumber = (
  name: string,
  text: string | undefined,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`${name} ${text}: not a whole number ${range}`);
};
