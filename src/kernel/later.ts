/**
 * Runs `work` as a task of its own of the host's event loop: after everything that is ready now has gone as far as it
 * can. Who runs before whom so depends on what the programs do alone, and never on how fast the host is.
 */
export const makeLater = (): ((work: () => void) => void) => {
  if (typeof setImmediate === "function") return (work) => void setImmediate(work);
  // A browser: its timers wait for milliseconds, a message does not.
  const { port1, port2 } = new MessageChannel();
  const works: (() => void)[] = [];
  port1.onmessage = () => works.shift()?.();
  return (work) => {
    works.push(work);
    port2.postMessage(null);
  };
};
