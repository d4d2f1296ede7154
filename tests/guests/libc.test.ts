/**
 * Truth: the manual pages (section 2 for arguments and results, section 3 for perror), and syscall(2)
 * for riscv64: number in a7, arguments in a0 … a5 in the order of the C library/kernel differences each page names.
 */
import { describe, expect, test } from "vitest";
import { EAGAIN, EINTR, EINVAL, ENODEV } from "../../abi/errno.ts";
import { AT_FDCWD, AT_REMOVEDIR, O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { MAP_FAILED, MAP_SHARED, PROT_READ } from "../../abi/mman.ts";
import { POLLIN, POLLOUT } from "../../abi/poll.ts";
import { SIG_BLOCK, SIG_IGN, SIGSEGV, SIGUSR1, sigmask } from "../../abi/signal.ts";
import { DT_CHR, DT_DIR, makedev, S_IFCHR, stat } from "../../abi/stat.ts";
import * as nr from "../../abi/syscalls.ts";
import { CLOCK_MONOTONIC, timespec } from "../../abi/time.ts";
import { WEXITSTATUS } from "../../abi/wait.ts";
import { type Libc, libc, program } from "../../guests/libc.ts";
import { FakeUser } from "./fake-user.ts";

const ok = () => 0;

describe("results and errno", () => {
  test('syscall(2): "-1 … on error, with errno set"; a call that succeeds leaves errno alone', () => {
    const user = new FakeUser({ [nr.SYS_close]: (_, fd) => (fd === 3 ? 0 : -9) });
    const c = libc(user);
    expect(c.close(7)).toBe(-1);
    expect(c.errno).toBe(9);
    expect(c.close(3)).toBe(0);
    expect(c.errno).toBe(9);
    c.errno = 0;
    expect(c.errno).toBe(0);
  });

  test("only -4095 … -1 is an error: a high address is a result", () => {
    const user = new FakeUser({ [nr.SYS_mmap]: () => -4096, [nr.SYS_mremap]: () => -EINVAL });
    const c = libc(user);
    expect(c.mmap(0, 4096, PROT_READ, MAP_SHARED, 3, 0)).toBe(-4096);
    expect(c.mremap(0, 4096, 8192, 0)).toBe(MAP_FAILED);
    expect(c.errno).toBe(EINVAL);
  });

  test("a call that sleeps gives its result and its errno when it wakes", async () => {
    const c = libc(new FakeUser({ [nr.SYS_read]: () => Promise.resolve(-EINTR) }));
    const result = c.read(0, 0x1000, 1);
    expect(result).toBeInstanceOf(Promise);
    expect(c.errno).toBe(0);
    expect(await result).toBe(-1);
    expect(c.errno).toBe(EINTR);
  });

  test("two libraries share nothing", () => {
    const [a, b] = [libc(new FakeUser({ [nr.SYS_close]: () => -9 })), libc(new FakeUser())];
    a.close(1);
    expect([a.errno, b.errno]).toEqual([9, 0]);
  });
});

describe("arguments", () => {
  test("open(path, flags, mode) is openat(AT_FDCWD, path, flags, mode) with the path in the program's memory", async () => {
    let seen = "";
    const user = new FakeUser({
      [nr.SYS_openat]: (u, _dir, path) => {
        seen = u.text(path!);
        return 3;
      },
    });
    expect(await libc(user).open("/dev/fb0", O_RDWR | O_CREAT, 0o644)).toBe(3);
    expect(seen).toBe("/dev/fb0");
    const [args] = user.made(nr.SYS_openat);
    expect([args![0], args![2], args![3]]).toEqual([AT_FDCWD, O_RDWR | O_CREAT, 0o644]);
  });

  test("mkdir, rmdir, unlink and mknod are the *at calls with AT_FDCWD", () => {
    const user = new FakeUser({ [nr.SYS_mkdirat]: ok, [nr.SYS_unlinkat]: ok, [nr.SYS_mknodat]: ok });
    const c = libc(user);
    expect([c.mkdir("d", 0o755), c.rmdir("d"), c.unlink("f"), c.mknod("n", S_IFCHR | 0o600, makedev(245, 0))]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(user.calls.map((call) => [call.nr, call.args[0], ...call.args.slice(2)])).toEqual([
      [nr.SYS_mkdirat, AT_FDCWD, 0o755],
      [nr.SYS_unlinkat, AT_FDCWD, AT_REMOVEDIR],
      [nr.SYS_unlinkat, AT_FDCWD, 0],
      [nr.SYS_mknodat, AT_FDCWD, S_IFCHR | 0o600, makedev(245, 0)],
    ]);
  });

  test("plain numbers go through in C's order", async () => {
    const numbers = [
      nr.SYS_read,
      nr.SYS_write,
      nr.SYS_pread64,
      nr.SYS_pwrite64,
      nr.SYS_lseek,
      nr.SYS_ioctl,
      nr.SYS_mmap,
      nr.SYS_munmap,
      nr.SYS_mprotect,
      nr.SYS_mremap,
      nr.SYS_msync,
      nr.SYS_mincore,
      nr.SYS_madvise,
      nr.SYS_dup,
      nr.SYS_dup3,
      nr.SYS_fcntl,
      nr.SYS_ftruncate,
      nr.SYS_fsync,
      nr.SYS_kill,
      nr.SYS_getpid,
      nr.SYS_getppid,
    ];
    const user = new FakeUser(Object.fromEntries(numbers.map((number) => [number, ok])));
    const c = libc(user);
    await c.read(1, 2, 3);
    await c.write(1, 2, 3);
    c.pread(1, 2, 3, 4);
    c.pwrite(1, 2, 3, 4);
    c.lseek(1, 2, 3);
    await c.ioctl(1, 2, 3);
    c.mmap(1, 2, 3, 4, 5, 6);
    c.munmap(1, 2);
    c.mprotect(1, 2, 3);
    c.mremap(1, 2, 3, 4, 5);
    c.msync(1, 2, 3);
    c.mincore(1, 2, 3);
    c.madvise(1, 2, 3);
    c.dup(1);
    c.dup3(1, 2, 3);
    c.fcntl(1, 2, 3);
    c.ftruncate(1, 2);
    c.fsync(1);
    c.kill(1, 2);
    c.getpid();
    c.getppid();
    expect(user.calls.map((call) => call.nr)).toEqual(numbers);
    for (const { args } of user.calls) expect(args).toEqual([1, 2, 3, 4, 5, 6].slice(0, args.length));
    expect(user.calls.map((call) => call.args.length)).toEqual([
      3, 3, 4, 4, 3, 3, 6, 2, 3, 5, 3, 3, 3, 1, 3, 3, 2, 1, 2, 0, 0,
    ]);
  });

  test("pwrite of memory the program has makes one call and touches no memory of its own", () => {
    const user = new FakeUser({ [nr.SYS_pwrite64]: () => 4 });
    expect(libc(user).pwrite(3, 0x4000, 4, 8)).toBe(4);
    expect([user.calls.length, user.brks.length, user.memory().size]).toEqual([1, 0, 0]);
  });
});

describe("structs", () => {
  test("fstat and stat fill struct stat", () => {
    const fill = (user: FakeUser, va: number) => {
      user.write(va, stat.encode({ st_mode: S_IFCHR | 0o600, st_rdev: 0x1d00, st_size: 7 }));
      return 0;
    };
    const user = new FakeUser({
      [nr.SYS_fstat]: (u, _fd, va) => fill(u, va!),
      [nr.SYS_newfstatat]: (u, _dir, _path, va) => fill(u, va!),
    });
    const c = libc(user);
    expect(c.fstat(3)).toMatchObject({ st_mode: S_IFCHR | 0o600, st_rdev: 0x1d00, st_size: 7 });
    expect(c.stat("/dev/fb0")).toMatchObject({ st_rdev: 0x1d00 });
    expect(libc(new FakeUser({ [nr.SYS_fstat]: () => -9 })).fstat(9)).toBe(-1);
  });

  test("wait4(pid, wstatus, options, NULL): the pid and the status word", async () => {
    const user = new FakeUser({
      [nr.SYS_wait4]: async (u, _pid, status) => {
        u.store32(status!, 0x0700);
        return 5;
      },
    });
    const waited = await libc(user).waitpid(-1);
    expect(waited).toEqual({ pid: 5, status: 0x0700 });
    expect(WEXITSTATUS(0x0700)).toBe(7);
    const [args] = user.made(nr.SYS_wait4);
    expect([args![0], args![2], args![3]]).toEqual([-1, 0, 0]);
    expect(await libc(new FakeUser({ [nr.SYS_wait4]: () => -10 })).waitpid(-1)).toBe(-1);
  });

  test('nanosleep(2): "the call returns -1, sets errno to EINTR, and writes the remaining time into … rem"', async () => {
    const user = new FakeUser({
      [nr.SYS_clock_nanosleep]: (u, _clock, _flags, request, rest) => {
        expect(timespec.read(u.read(request!, 16))).toEqual({ tv_sec: 2, tv_nsec: 500 });
        u.write(rest!, timespec.encode({ tv_sec: 1, tv_nsec: 9 }));
        return -EINTR;
      },
    });
    const c = libc(user);
    const rest = { tv_sec: 0, tv_nsec: 0 };
    expect(await c.nanosleep({ tv_sec: 2, tv_nsec: 500 }, rest)).toBe(-1);
    expect([c.errno, rest]).toEqual([EINTR, { tv_sec: 1, tv_nsec: 9 }]);
    // glibc: CLOCK_REALTIME, relative.
    expect(user.made(nr.SYS_clock_nanosleep)[0]!.slice(0, 2)).toEqual([0, 0]);
  });

  test("clock_gettime", () => {
    const user = new FakeUser({
      [nr.SYS_clock_gettime]: (u, clock, va) => {
        expect(clock).toBe(CLOCK_MONOTONIC);
        u.write(va!, timespec.encode({ tv_sec: 3, tv_nsec: 4 }));
        return 0;
      },
    });
    expect(libc(user).clock_gettime(CLOCK_MONOTONIC)).toEqual({ tv_sec: 3, tv_nsec: 4 });
  });

  test('poll(2): a negative timeout "means an infinite timeout", which ppoll takes as NULL', async () => {
    const timeouts: unknown[] = [];
    const user = new FakeUser({
      [nr.SYS_ppoll]: (u, fds, count, time) => {
        timeouts.push(time === 0 ? null : timespec.read(u.read(time!, 16)));
        expect(count).toBe(2);
        expect([u.load32(fds!), u.load16(fds! + 4)]).toEqual([4, POLLIN]);
        u.store16(fds! + 14, POLLOUT);
        return 1;
      },
    });
    const fds = [
      { fd: 4, events: POLLIN, revents: 0 },
      { fd: 5, events: POLLOUT, revents: 0 },
    ];
    expect(await libc(user).poll(fds, -1)).toBe(1);
    expect(fds.map((one) => one.revents)).toEqual([0, POLLOUT]);
    await libc(user).poll(fds, 2500);
    expect(timeouts).toEqual([null, { tv_sec: 2, tv_nsec: 500_000_000 }]);
  });

  test("getdents64(2): records of d_reclen bytes with the name at byte 19", () => {
    const record = (name: string, type: number, length: number): number[] => {
      const bytes = [7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, length, 0, type, ...Buffer.from(name)];
      return [...bytes, ...new Array<number>(length - bytes.length).fill(0)];
    };
    const pages = [[...record(".", DT_DIR, 24), ...record("framebuffer", DT_CHR, 32)], []];
    const user = new FakeUser({
      [nr.SYS_getdents64]: (u, _fd, va) => {
        const page = pages.shift()!;
        u.write(va!, Uint8Array.from(page));
        return page.length;
      },
    });
    expect(libc(user).readdir(3)).toEqual([
      { d_ino: 7, d_type: DT_DIR, d_name: "." },
      { d_ino: 7, d_type: DT_CHR, d_name: "framebuffer" },
    ]);
  });
});

describe("text", () => {
  const output = (write: (text: string) => number | Promise<number>) => {
    const user = new FakeUser({
      [nr.SYS_write]: (u, fd, va, count) => write(`${fd}:${Buffer.from(u.read(va!, count!)).toString()}`),
    });
    return libc(user);
  };

  test("perror(3): the string, \"a colon (':') and a blank\", the text of errno, and a newline, on standard error", async () => {
    const lines: string[] = [];
    const c = output((text) => {
      lines.push(text);
      return text.length - 2;
    });
    c.errno = ENODEV;
    await c.perror("mmap");
    await c.perror();
    await c.puts("hello");
    await c.print("no newline");
    expect(lines).toEqual(["2:mmap: No such device\n", "2:No such device\n", "1:hello\n", "1:no newline"]);
    expect(c.errno).toBe(ENODEV);
  });

  test("a short write goes on where it stopped", async () => {
    const pieces: string[] = [];
    const c = output(async (text) => {
      pieces.push(text);
      return 2;
    });
    expect(await c.print("abcde!")).toBe(6);
    expect(pieces).toEqual(["1:abcde!", "1:cde!", "1:e!"]);
    expect(await output(() => -EAGAIN).print("x")).toBe(-1);
  });
});

describe("processes and signals", () => {
  test("sigaction passes struct sigaction { handler, flags, mask }, and the kernel's number calls the function", () => {
    const actions: { signo: number; handler: number; flags: number; mask: bigint; size: number }[] = [];
    const user = new FakeUser({
      [nr.SYS_rt_sigaction]: (u, signo, action, old, size) => {
        expect(old).toBe(0);
        actions.push({
          signo: signo!,
          handler: Number(u.load64(action!)),
          flags: Number(u.load64(action! + 8)),
          mask: u.load64(action! + 16),
          size: size!,
        });
        return 0;
      },
    });
    const c = libc(user);
    const seen: unknown[] = [];
    const handler = (signo: number, info: unknown) => void seen.push([signo, info]);
    const other = () => void seen.push("other");
    c.sigaction(SIGSEGV, handler, 4, sigmask(SIGUSR1));
    c.sigaction(SIGUSR1, other);
    c.sigaction(SIGUSR1, handler);
    c.sigaction(SIGUSR1, SIG_IGN);
    expect(actions[0]).toMatchObject({ signo: SIGSEGV, flags: 4, mask: 1n << 9n, size: 8 });
    expect(actions[0]!.handler).toBeGreaterThan(1);
    expect(actions[1]!.handler).not.toBe(actions[0]!.handler);
    expect(actions[2]!.handler).toBe(actions[0]!.handler);
    expect(actions[3]!.handler).toBe(1);
    user.deliver!(actions[1]!.handler, { signo: SIGUSR1, code: 0, address: 0 });
    user.deliver!(actions[0]!.handler, { signo: SIGSEGV, code: 1, address: 16 });
    expect(seen).toEqual(["other", [SIGSEGV, { signo: SIGSEGV, code: 1, address: 16 }]]);
  });

  test("sigprocmask gives the mask before", () => {
    const user = new FakeUser({
      [nr.SYS_rt_sigprocmask]: (u, how, set, old, size) => {
        expect([how, u.load64(set!), size]).toEqual([SIG_BLOCK, 1n << 9n, 8]);
        u.store64(old!, 1n << 63n);
        return 0;
      },
    });
    expect(libc(user).sigprocmask(SIG_BLOCK, sigmask(SIGUSR1))).toBe(1n << 63n);
  });

  test('fork(2): "the child process is a duplicate": it knows the blocks and the handlers, and changes only its own', () => {
    const user = new FakeUser({ [nr.SYS_rt_sigaction]: ok });
    const c = libc(user);
    const va = c.malloc(100);
    c.strcpy(va, "from the parent");
    const calls: string[] = [];
    c.sigaction(SIGUSR1, () => calls.push("handler"));
    expect(
      c.fork((child: Libc) => {
        calls.push(child.loadCString(va));
        child.free(va);
        expect(child.malloc(100)).toBe(va);
        child.strcpy(va, "from the child");
        return 7;
      }),
    ).toBe(2);
    const inParent = c.malloc(100);
    expect(inParent).not.toBe(va);
    const childUser = new FakeUser({}, user);
    expect(user.child!(childUser)).toBe(7);
    childUser.deliver!(0x1_0000, { signo: SIGUSR1, code: 0, address: 0 });
    expect(calls).toEqual(["from the parent", "handler"]);
    expect(c.loadCString(va)).toBe("from the parent");
  });

  test("fork that fails is -1 with errno", () => {
    class NoFork extends FakeUser {
      override fork(): number {
        return -EAGAIN;
      }
    }
    const c = libc(new NoFork());
    expect([c.fork(() => 0), c.errno]).toEqual([-1, EAGAIN]);
  });

  test("exit is exit_group and does not come back", () => {
    class Ended extends Error {}
    const user = new FakeUser({
      [nr.SYS_exit_group]: () => {
        throw new Ended();
      },
    });
    expect(() => libc(user).exit(3)).toThrow(Ended);
    expect(() => libc(user)._exit(4)).toThrow(Ended);
    expect(user.made(nr.SYS_exit_group)).toEqual([[3], [4]]);
  });

  test("program makes a Program of a main function", async () => {
    expect(await program(async (c) => c.getpagesize() / 1024)(new FakeUser())).toBe(4);
    expect(await program(async () => {})(new FakeUser())).toBeUndefined();
  });
});
