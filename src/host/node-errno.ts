/** Node's errors as Linux's errno. */
import * as numbers from "../../abi/errno.ts";

/** The negative errno of an exception of node:fs; whatever is not the system's is thrown on. */
export const errnoOf = (error: unknown): number => {
  const code = (error as { code?: unknown } | null)?.code;
  const found = typeof code === "string" ? (numbers as Readonly<Record<string, unknown>>)[code] : undefined;
  if (typeof found === "number") return -found;
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code) && !code.startsWith("ERR_")) return -numbers.EIO;
  throw error;
};

/** Does the work; a failure of the system is a negative errno. */
export const attempt = <T>(work: () => T): T | number => {
  try {
    return work();
  } catch (error) {
    return errnoOf(error);
  }
};
