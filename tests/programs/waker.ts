/**
 * Keeps hostile programs from sleeping or running for ever: each millisecond of virtual time a signal for every process
 * that is not spared, and SIGKILL for one that has had its share.
 */
import type { Program } from "../../abi/program.ts";
import { SIGKILL, SIGUSR1 } from "../../abi/signal.ts";
import { program } from "../../guests/libc.ts";
import type { KernelCore } from "../../src/kernel/kernel.ts";

/**
 * `spared`: the process that waits for the others. It is killed when there are none, and it still has not ended.
 * `share`: milliseconds of virtual time that a process may have, a million instructions each.
 */
export const waker = (kernel: KernelCore, spared: () => number, share = 8): Program =>
  program(async (c) => {
    const ages = new Map<number, number>();
    for (;;) {
      await c.nanosleep({ tv_nsec: 1e6 });
      const others = [...kernel.tasks].filter((task) => task.pid !== c.getpid());
      if (others.length === 0) return 0;
      const alive = others.filter((task) => task.pid !== spared() && task.state !== "zombie");
      for (const { pid } of alive.length > 0 ? alive : others) {
        const age = (ages.get(pid) ?? 0) + 1;
        ages.set(pid, age);
        kernel.signal(pid, age < share ? SIGUSR1 : SIGKILL);
      }
    }
  });
