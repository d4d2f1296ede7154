/** Signals. Truth: signal(7), sigaction(2), kill(2), sigprocmask(2); kernel/signal.c of Linux 6.12 where they are silent. */
import { describe, expect, test } from "vitest";
import { MAP_ANONYMOUS, MAP_PRIVATE } from "../../abi/mman.ts";
import { POLLIN } from "../../abi/poll.ts";
import {
  SA_NODEFER,
  SA_RESETHAND,
  SA_RESTART,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIG_UNBLOCK,
  SIGCHLD,
  SIGCONT,
  SIGHUP,
  SIGKILL,
  SIGPIPE,
  SIGRTMIN,
  SIGSEGV,
  SIGSTOP,
  SIGTERM,
  SIGURG,
  SIGUSR1,
  SIGUSR2,
  SIGWINCH,
  sigaction,
  sigmask,
} from "../../abi/signal.ts";
import {
  SYS_getpid,
  SYS_mmap,
  SYS_pipe2,
  SYS_rt_sigaction,
  SYS_rt_sigprocmask,
  SYS_tgkill,
  SYS_tkill,
} from "../../abi/syscalls.ts";
import { WIFSIGNALED, WTERMSIG } from "../../abi/wait.ts";
import type { Libc } from "../../guests/libc.ts";
import { catchFaults, faultOf, Lab, named, PAGE, result } from "./lab.ts";

const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
const raise = (c: Libc, signo: number): number => c.kill(c.getpid(), signo);
const anonymous = (c: Libc, pages: number): number => c.mmap(0, pages * PAGE, 3, PRIVATE, -1, 0);
const pipe = async (c: Libc): Promise<[number, number]> => {
  const ends = c.malloc(8);
  await c.syscall(SYS_pipe2, ends, 0);
  return [c.user.load32(ends), c.user.load32(ends + 4)];
};

describe("the default action", () => {
  test.each([SIGHUP, SIGTERM, SIGUSR1, SIGKILL, SIGRTMIN])(
    "of signal %i is to end the process by it",
    async (signo) => {
      const lab = await Lab.boot();
      await lab.run(async (c) => {
        const status = await lab.child(c, (child) => {
          raise(child, signo);
          return 7;
        });
        expect([WIFSIGNALED(status), WTERMSIG(status)]).toEqual([true, signo]);
        return 0;
      });
      expect(await lab.end((c) => raise(c, signo))).toEqual({ signal: signo, address: 0 });
    },
  );

  test.each([SIGCHLD, SIGURG, SIGWINCH, SIGCONT])("of signal %i is to do nothing", async (signo) => {
    const lab = await Lab.boot();
    await lab.run((c) => raise(c, signo));
  });
});

describe("handlers", () => {
  test("a handler runs before the call that raised it returns, once for each signal", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const seen: number[] = [];
      for (const signo of [SIGUSR1, SIGUSR2]) c.sigaction(signo, (which) => void seen.push(which));
      raise(c, SIGUSR1);
      expect(seen).toEqual([SIGUSR1]);
      raise(c, SIGUSR2);
      raise(c, SIGUSR2);
      expect(seen).toEqual([SIGUSR1, SIGUSR2, SIGUSR2]);
      return 0;
    });
  });

  test('"the signal that triggered the handler will be blocked, unless the SA_NODEFER flag is used"', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const depths = (flags: number): number[] => {
        const seen: number[] = [];
        let depth = 0;
        const handler = (): void => {
          depth++;
          seen.push(depth);
          if (seen.length < 3) raise(c, SIGUSR1);
          depth--;
        };
        c.sigaction(SIGUSR1, handler, flags);
        raise(c, SIGUSR1);
        return seen;
      };
      // Deferred: it runs again when the first has returned, never inside it.
      expect(depths(0)).toEqual([1, 1, 1]);
      expect(depths(SA_NODEFER)).toEqual([1, 2, 3]);
      return 0;
    });
  });

  test('SA_RESETHAND: "Restore the signal action to the default upon entry to the signal handler"', async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      let seen = 0;
      const status = await lab.child(c, (child) => {
        child.sigaction(SIGUSR1, () => void seen++, SA_RESETHAND);
        raise(child, SIGUSR1);
        raise(child, SIGUSR1);
        return 0;
      });
      expect([seen, WTERMSIG(status)]).toEqual([1, SIGUSR1]);
      return 0;
    });
  });

  test('sa_mask "specifies a mask of signals which should be blocked … during execution of the signal handler"', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const seen: string[] = [];
      c.sigaction(SIGUSR2, () => void seen.push("usr2"));
      c.sigaction(
        SIGUSR1,
        () => {
          raise(c, SIGUSR2);
          seen.push("usr1 ends");
        },
        0,
        sigmask(SIGUSR2) | sigmask(SIGKILL),
      );
      raise(c, SIGUSR1);
      expect(seen).toEqual(["usr1 ends", "usr2"]);
      // The mask of the program is its own again.
      expect(c.sigprocmask(SIG_BLOCK, 0n)).toBe(0n);
      return 0;
    });
  });

  test("a mask that a handler sets lasts until it returns (rt_sigreturn restores what the frame holds)", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      c.sigaction(SIGUSR1, () => void c.sigprocmask(SIG_BLOCK, sigmask(SIGTERM)));
      raise(c, SIGUSR1);
      expect(c.sigprocmask(SIG_BLOCK, 0n)).toBe(0n);
      return 0;
    });
  });

  test("of several that become deliverable at once the last to be taken runs first: its frame is on top", async () => {
    // exit_to_user_mode_loop() sets a frame up for each; next_signal() takes the lowest number first.
    const lab = await Lab.boot();
    await lab.run((c) => {
      const seen: number[] = [];
      const all = [SIGHUP, SIGUSR1, SIGTERM];
      for (const signo of all) c.sigaction(signo, (which) => void seen.push(which));
      const mask = all.reduce((set, signo) => set | sigmask(signo), 0n);
      c.sigprocmask(SIG_BLOCK, mask);
      for (const signo of [SIGUSR1, SIGHUP, SIGTERM]) raise(c, signo);
      c.sigprocmask(SIG_UNBLOCK, mask);
      expect(seen).toEqual([SIGTERM, SIGUSR1, SIGHUP]);
      return 0;
    });
  });

  test("a handler that throws leaves like siglongjmp(3): out of the call, with the mask as it was before", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      c.sigaction(SIGUSR1, () => {
        throw new Error("out");
      });
      for (let i = 0; i < 3; i++) expect(() => raise(c, SIGUSR1)).toThrow("out");
      expect(c.sigprocmask(SIG_BLOCK, 0n)).toBe(0n);
      return 0;
    });
  });

  test("a handler that throws out of a handler's own call ends both calls", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      c.sigaction(SIGUSR2, () => {
        throw new Error("inner");
      });
      let caught = 0;
      c.sigaction(SIGUSR1, () => {
        try {
          raise(c, SIGUSR2);
        } catch {
          caught++;
        }
      });
      raise(c, SIGUSR1);
      expect(caught).toBe(1);
      // Calls that sleep still work after it.
      expect(await c.nanosleep({ tv_nsec: 5 })).toBe(0);
      return 0;
    });
  });

  test("a handler cannot wait: a call of its own that would sleep is EINTR, and the interrupted one goes on", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const [input, output] = await pipe(c);
      const buffer = c.malloc(8);
      const seen: (number | string)[] = [];
      c.sigaction(
        SIGUSR1,
        () => {
          seen.push(result(c, c.nanosleep({ tv_sec: 1 }) as number));
          seen.push(result(c, c.read(input, buffer, 1) as number));
        },
        SA_RESTART,
      );
      const parent = c.getpid();
      lab.fork(c, async (child) => {
        child.kill(parent, SIGUSR1);
        await child.nanosleep({ tv_sec: 1 });
        await child.write(output, buffer, 3);
        return 0;
      });
      expect(await c.read(input, buffer, 8)).toBe(3);
      expect(seen).toEqual(["EINTR", "EINTR"]);
      await c.waitpid(-1);
      return 0;
    });
  });
});

describe("pending and blocked signals", () => {
  test('"Standard signals do not queue"; "Multiple instances of real-time signals can be queued", in the order sent', async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const seen: number[] = [];
      const all = [SIGUSR1, SIGRTMIN + 1];
      for (const signo of all) c.sigaction(signo, (which) => void seen.push(which));
      const mask = sigmask(SIGUSR1) | sigmask(SIGRTMIN + 1);
      c.sigprocmask(SIG_SETMASK, mask);
      for (let i = 0; i < 3; i++) for (const signo of all) raise(c, signo);
      expect(seen).toEqual([]);
      c.sigprocmask(SIG_SETMASK, 0n);
      expect(seen.filter((signo) => signo === SIGUSR1)).toHaveLength(1);
      expect(seen.filter((signo) => signo === SIGRTMIN + 1)).toHaveLength(3);
      return 0;
    });
  });

  test("an action of SIG_IGN, or a default that does nothing, discards what is pending (POSIX, do_sigaction)", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      let seen = 0;
      c.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1) | sigmask(SIGURG));
      for (const signo of [SIGUSR1, SIGURG]) {
        c.sigaction(signo, () => void seen++);
        raise(c, signo);
        c.sigaction(signo, signo === SIGUSR1 ? SIG_IGN : SIG_DFL);
        c.sigaction(signo, () => void seen++);
      }
      c.sigprocmask(SIG_SETMASK, 0n);
      expect(seen).toBe(0);
      return 0;
    });
  });

  test('"It is not possible to block SIGKILL or SIGSTOP": silently', async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const status = await lab.child(c, (child) => {
        expect(child.sigprocmask(SIG_SETMASK, 2n ** 64n - 1n)).toBe(0n);
        expect(child.sigprocmask(SIG_SETMASK, 2n ** 64n - 1n)).toBe(
          2n ** 64n - 1n - sigmask(SIGKILL) - sigmask(SIGSTOP),
        );
        raise(child, SIGKILL);
        return 0;
      });
      expect(WTERMSIG(status)).toBe(SIGKILL);
      return 0;
    });
  });
});

describe("faults", () => {
  test.each<[string, (c: Libc) => void]>([
    ["blocked", (c) => void c.sigprocmask(SIG_BLOCK, sigmask(SIGSEGV))],
    ["ignored", (c) => void c.sigaction(SIGSEGV, SIG_IGN)],
    [
      "blocked, with a handler",
      (c) => {
        c.sigaction(SIGSEGV, () => {});
        c.sigprocmask(SIG_BLOCK, sigmask(SIGSEGV));
      },
    ],
  ])("a fault whose signal is %s ends the process (force_sig_info)", async (_how, prepare) => {
    const lab = await Lab.boot();
    expect(
      await lab.end((c) => {
        prepare(c);
        return c.user.load8(0x123);
      }),
    ).toEqual({ signal: SIGSEGV, address: 0x123 });
  });

  test("a fault inside its own handler is one that is blocked: it ends the process", async () => {
    const lab = await Lab.boot();
    const end = await lab.end((c) => {
      c.sigaction(SIGSEGV, () => void c.user.load8(0x20));
      return c.user.load8(0x10);
    });
    expect(end).toEqual({ signal: SIGSEGV, address: 0x20 });
  });

  test("a handler that mends the mapping and returns: the access is made again, and done", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const m = anonymous(c, 2);
      c.mprotect(m, 2 * PAGE, 0);
      const seen: number[] = [];
      c.sigaction(SIGSEGV, (_signo, info) => {
        seen.push(info.address);
        c.mprotect(info.address - (info.address % PAGE), PAGE, 3);
      });
      c.user.store32(m + PAGE - 2, 0x0403_0201);
      expect(seen).toEqual([m + PAGE - 2, m + PAGE]);
      expect(c.user.load32(m + PAGE - 2)).toBe(0x0403_0201);
      return 0;
    });
  });

  test("a handler that was left by an exception is no longer running: the next fault is handled too", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      catchFaults(c);
      for (let i = 0; i < 5; i++) expect(faultOf(() => c.user.load8(i))?.address).toBe(i);
      return 0;
    });
  });
});

describe("interrupted calls", () => {
  /** A child in `sleep` gets SIGUSR1 from its parent, with a handler of these flags: what its call gave. */
  const interrupted = async (
    flags: number,
    sleep: (c: Libc, input: number) => Promise<number> | number,
    wake?: (c: Libc, output: number) => Promise<unknown>,
  ): Promise<number | string> => {
    const lab = await Lab.boot();
    let answer: number | string = "nothing";
    await lab.run(async (c) => {
      const [input, output] = await pipe(c);
      const pid = lab.fork(c, async (child) => {
        child.sigaction(SIGUSR1, () => {}, flags);
        answer = result(child, await sleep(child, input));
        return 0;
      });
      await c.nanosleep({ tv_nsec: 1000 });
      c.kill(pid, SIGUSR1);
      await c.nanosleep({ tv_nsec: 1000 });
      await wake?.(c, output);
      await c.waitpid(pid);
      return 0;
    });
    return answer;
  };
  const readPipe = (c: Libc, input: number) => c.read(input, c.malloc(8), 8);
  const writePipe = (c: Libc, output: number) => Promise.resolve(c.write(output, c.malloc(8), 5));

  test('read: "automatically restarted after the signal handler returns if the SA_RESTART flag was used; otherwise … EINTR"', async () => {
    expect(await interrupted(0, readPipe)).toBe("EINTR");
    expect(await interrupted(SA_RESTART, readPipe, writePipe)).toBe(5);
  });

  test('nanosleep and poll "are never restarted …, regardless of the use of SA_RESTART"', async () => {
    for (const flags of [0, SA_RESTART]) {
      expect(await interrupted(flags, (c) => c.nanosleep({ tv_sec: 9 }))).toBe("EINTR");
      expect(await interrupted(flags, (c, input) => c.poll([{ fd: input, events: POLLIN, revents: 0 }], -1))).toBe(
        "EINTR",
      );
    }
  });

  test("a signal that is ignored interrupts nothing", async () => {
    const ignoring = (c: Libc, input: number) => {
      c.sigaction(SIGUSR1, SIG_IGN);
      return readPipe(c, input);
    };
    expect(await interrupted(0, ignoring, writePipe)).toBe(5);
  });

  test("a signal that is blocked interrupts nothing, and is taken when it is unblocked", async () => {
    let seen = 0;
    const blocking = async (c: Libc, input: number) => {
      c.sigaction(SIGUSR1, () => void seen++);
      c.sigprocmask(SIG_BLOCK, sigmask(SIGUSR1));
      const count = await readPipe(c, input);
      expect(seen).toBe(0);
      c.sigprocmask(SIG_UNBLOCK, sigmask(SIGUSR1));
      expect(seen).toBe(1);
      return count;
    };
    expect(await interrupted(0, blocking, writePipe)).toBe(5);
  });

  test("a handler that throws out of a sleeping call throws where the program awaits it", async () => {
    const throwing = async (c: Libc, input: number) => {
      c.sigaction(SIGUSR1, () => {
        throw new Error("out");
      });
      await expect(Promise.resolve(readPipe(c, input))).rejects.toThrow("out");
      // The call is over: the program can make another.
      return c.nanosleep({ tv_nsec: 1 });
    };
    expect(await interrupted(0, throwing)).toBe(0);
  });

  test("SIGKILL ends a sleeping process at once", async () => {
    const lab = await Lab.boot();
    await lab.run(async (c) => {
      const [input] = await pipe(c);
      const pid = lab.fork(c, async (child) => {
        child.sigprocmask(SIG_SETMASK, 2n ** 64n - 1n);
        await readPipe(child, input);
        return 0;
      });
      await c.nanosleep({ tv_nsec: 1 });
      c.kill(pid, SIGKILL);
      expect(await c.waitpid(pid)).toEqual({ pid, status: SIGKILL });
      return 0;
    });
  });
});

describe("errors", () => {
  test("kill(2), tkill(2), tgkill(2)", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const me = c.getpid();
      const call = (nr: number, ...args: number[]) => named(c.user.syscall(nr, ...args) as number);
      expect(result(c, c.kill(me, 65))).toBe("EINVAL");
      expect(result(c, c.kill(me, -1))).toBe("EINVAL");
      expect(result(c, c.kill(30000, 0))).toBe("ESRCH");
      // The process is looked for first (kill_something_info).
      expect(result(c, c.kill(30000, 65))).toBe("ESRCH");
      expect(result(c, c.kill(-30000, SIGUSR1))).toBe("ESRCH");
      // "kill(-1, …)": every process but init and the caller, of which there is none.
      expect(result(c, c.kill(-1, 0))).toBe("ESRCH");
      // "If sig is 0, then no signal is sent, but existence … checks are still performed".
      expect(c.kill(me, 0)).toBe(0);
      expect(call(SYS_tkill, 0, SIGUSR1)).toBe("EINVAL");
      expect(call(SYS_tgkill, me, me, 0)).toBe(0);
      expect(call(SYS_tgkill, me + 1, me, 0)).toBe("ESRCH");
      expect(call(SYS_tgkill, -1, me, 0)).toBe("EINVAL");
      return 0;
    });
  });

  test("rt_sigaction(2) and rt_sigprocmask(2)", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const va = c.malloc(64);
      c.user.write(va, sigaction.encode({ sa_handler: SIG_IGN }));
      const act = (...args: number[]) => named(c.user.syscall(SYS_rt_sigaction, ...args) as number);
      const mask = (...args: number[]) => named(c.user.syscall(SYS_rt_sigprocmask, ...args) as number);
      expect(act(SIGUSR1, va, 0, 4)).toBe("EINVAL");
      expect(act(0, va, 0, 8)).toBe("EINVAL");
      expect(act(65, va, 0, 8)).toBe("EINVAL");
      // The action is copied before the number is looked at.
      expect(act(65, 8, 0, 8)).toBe("EFAULT");
      // "EINVAL: … an attempt is made to change the action for SIGKILL or SIGSTOP"
      expect([SIGKILL, SIGSTOP].map((signo) => act(signo, va, 0, 8))).toEqual(["EINVAL", "EINVAL"]);
      expect(act(SIGKILL, 0, va, 8)).toBe(0);
      // A bad place for the old action does not undo the new one.
      c.user.write(va, sigaction.encode({ sa_handler: SIG_IGN }));
      expect(act(SIGUSR1, va, 8, 8)).toBe("EFAULT");
      raise(c, SIGUSR1);
      expect(mask(SIG_BLOCK, va, 0, 4)).toBe("EINVAL");
      expect(mask(3, va, 0, 8)).toBe("EINVAL");
      expect(mask(3, 0, 0, 8)).toBe(0);
      expect(mask(SIG_BLOCK, 8, 0, 8)).toBe("EFAULT");
      return 0;
    });
  });

  test("what sigaction(2) sets it gives back, bit by bit", async () => {
    const lab = await Lab.boot();
    await lab.run((c) => {
      const va = c.malloc(64);
      c.user.write(va, sigaction.encode({ sa_handler: 0x1_2344, sa_flags: SA_RESTART, sa_mask: sigmask(SIGTERM) }));
      c.user.syscall(SYS_rt_sigaction, SIGUSR1, va, 0, 8);
      c.user.syscall(SYS_rt_sigaction, SIGUSR1, 0, va + 32, 8);
      expect(c.user.read(va + 32, 24)).toEqual(c.user.read(va, 24));
      return 0;
    });
  });

  test("a program without signal handlers of its own jumps into the void when one is set: SIGSEGV at its address", async () => {
    const lab = await Lab.boot();
    const { exited } = lab.kernel.spawn((user) => {
      const va = user.syscall(SYS_mmap, 0, PAGE, 3, PRIVATE, -1, 0) as number;
      user.write(va, sigaction.encode({ sa_handler: 0x4444 }));
      user.syscall(SYS_rt_sigaction, SIGUSR1, va, 0, 8);
      user.syscall(SYS_tkill, user.syscall(SYS_getpid) as number, SIGUSR1);
    });
    expect(await exited).toEqual({ signal: SIGSEGV, address: 0x4444 });
  });
});

test("a write into a pipe that nobody reads: SIGPIPE, or EPIPE when that is ignored (pipe(7))", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const [input, output] = await pipe(c);
    c.close(input);
    const status = await lab.child(c, async (child) => {
      await child.write(output, child.malloc(1), 1);
      return 0;
    });
    expect(WTERMSIG(status)).toBe(SIGPIPE);
    c.sigaction(SIGPIPE, SIG_IGN);
    expect(result(c, await c.write(output, c.malloc(1), 1))).toBe("EPIPE");
    return 0;
  });
});
