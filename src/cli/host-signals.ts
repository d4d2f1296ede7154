/** Signals that the host sends us are meant for the guest: the first goes to it, the second ends the machine. */
import { SIGHUP, SIGINT, SIGTERM } from "../../abi/signal.ts";

const PASSED = [
  ["SIGINT", SIGINT],
  ["SIGTERM", SIGTERM],
  ["SIGHUP", SIGHUP],
] as const;

/** What comes back stops listening. */
export const passSignals = (first: (signo: number) => void, second: (signo: number) => void): (() => void) => {
  let seen = false;
  const undo = PASSED.map(([name, signo]) => {
    const listener = (): void => {
      if (seen) second(signo);
      else first(signo);
      seen = true;
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return () => {
    for (const one of undo) one();
  };
};
