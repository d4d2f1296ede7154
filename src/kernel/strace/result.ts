/** What a call returned, as strace shows it after the "= ". */
import {
  EINTR,
  ERESTART_RESTARTBLOCK,
  ERESTARTNOHAND,
  ERESTARTNOINTR,
  ERESTARTSYS,
  errnoName,
  MAX_ERRNO,
  strerror,
} from "../../../abi/errno.ts";
import type { CallView } from "./arguments.ts";

/** A signal interrupted the call; the kernel will make it again or turn this into EINTR. */
const RESTARTS: ReadonlyMap<number, string> = new Map([
  [-ERESTARTSYS, "ERESTARTSYS (To be restarted if SA_RESTART is set)"],
  [-ERESTARTNOINTR, "ERESTARTNOINTR (To be restarted)"],
  [-ERESTARTNOHAND, "ERESTARTNOHAND (To be restarted if no handler)"],
  [-ERESTART_RESTARTBLOCK, "ERESTART_RESTARTBLOCK (Interrupted by signal)"],
]);

/** Did a signal end the call? */
export const interrupted = ({ result }: CallView): boolean =>
  result !== null && (result === -EINTR || RESTARTS.has(result));

/** "?" for a call that did not return, "-1 ENODEV (No such device)" for one that failed; null: a value. */
export function resultText(result: number | null): string | null {
  if (result === null) return "?";
  const restart = RESTARTS.get(result);
  if (restart !== undefined) return `? ${restart}`;
  if (result < 0 && result >= -MAX_ERRNO) return `-1 ${errnoName(-result)} (${strerror(-result)})`;
  return null;
}
