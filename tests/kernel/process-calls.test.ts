/** Calls from process to process, and on what one may: futex(2), process_vm_readv(2), capget(2), adjtimex(2), sendfile(2). */
import { expect, test } from "vitest";
import { EFAULT, EINVAL, ENOSYS, EPERM, ESRCH } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR, O_WRONLY } from "../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { FUTEX_WAIT, FUTEX_WAKE_OP } from "../../abi/sched.ts";
import {
  SYS_adjtimex,
  SYS_capget,
  SYS_capset,
  SYS_clock_adjtime,
  SYS_futex,
  SYS_getpid,
  SYS_process_vm_readv,
  SYS_process_vm_writev,
  SYS_sendfile,
  SYS_setuid,
} from "../../abi/syscalls.ts";
import { timex } from "../../abi/time.ts";
import { iovec } from "../../abi/uio.ts";
import type { Libc } from "../../guests/libc.ts";
import { Lab, PAGE } from "./lab.ts";

const RW = PROT_READ | PROT_WRITE;

// futex(2), FUTEX_WAKE_OP: "int oldval = *uaddr2; *uaddr2 = oldval op oparg; futex(uaddr, FUTEX_WAKE, val); if (oldval cmp
// cmparg) futex(uaddr2, FUTEX_WAKE, val2)"; the word is FUTEX_OP(op, oparg, cmp, cmparg).
const op = (operation: number, argument: number, compare: number, compared: number): number =>
  ((operation & 0xf) << 28) | ((compare & 0xf) << 24) | ((argument & 0xfff) << 12) | (compared & 0xfff);
const [SET, ADD, , , XOR] = [0, 1, 2, 3, 4];
const [EQ, , LT] = [0, 1, 2];
const ARG_SHIFT = 8;

test.each([
  ["FUTEX_OP_SET, equal", op(SET, 9, EQ, 5), 9, 2],
  ["FUTEX_OP_SET, not equal", op(SET, 9, EQ, 6), 9, 1],
  ["FUTEX_OP_ADD of a negative number, less", op(ADD, -7, LT, 6), -2, 2],
  ["FUTEX_OP_XOR of a shifted bit, not less than a negative one", op(XOR | ARG_SHIFT, 4, LT, -1), 5 ^ 16, 1],
])("FUTEX_WAKE_OP: %s", async (_name, word, after, woken) => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const shared = c.mmap(0, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    c.user.store32(shared + 4, 5);
    const sleeper = (va: number, value: number) => async (child: Libc) =>
      (await child.user.syscall(SYS_futex, va, FUTEX_WAIT, value, 0)) === 0 ? 0 : 1;
    c.fork(sleeper(shared, 0));
    c.fork(sleeper(shared + 4, 5));
    await c.nanosleep({ tv_nsec: 1000 });
    const result = await c.user.syscall(SYS_futex, shared, FUTEX_WAKE_OP, 1, 1, shared + 4, word);
    expect([result, c.user.load32(shared + 4) | 0]).toEqual([woken, after]);
    await c.user.syscall(SYS_futex, shared + 4, 1, 1);
    for (let i = 0; i < 2; i++) expect(await c.waitpid(-1)).toMatchObject({ status: 0 << 8 });
    // "ENOSYS" of an operation that is none, "EFAULT" of a word that cannot be written.
    expect(c.user.syscall(SYS_futex, shared, FUTEX_WAKE_OP, 1, 1, shared + 4, op(7, 0, 0, 0))).toBe(-ENOSYS);
    const readOnly = c.mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect(c.user.syscall(SYS_futex, shared, FUTEX_WAKE_OP, 1, 1, readOnly, op(SET, 1, EQ, 0))).toBe(-EFAULT);
    return 0;
  });
});

const vector = (c: Libc, ...parts: readonly (readonly [base: number, length: number])[]): number => {
  const va = c.malloc(iovec.size * parts.length);
  for (const [i, [iov_base, iov_len]] of parts.entries()) {
    c.user.write(va + i * iovec.size, iovec.encode({ iov_base, iov_len }));
  }
  return va;
};

test("process_vm_readv and process_vm_writev: across the pieces of both, and as far as memory goes", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const theirs = c.mmap(0, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const pid = c.fork(async (child) => {
      child.user.write(theirs, new TextEncoder().encode("abcdefgh"));
      await child.nanosleep({ tv_sec: 2 });
      return child.user.load8(theirs + 2);
    });
    await c.nanosleep({ tv_nsec: 1000 });
    const mine = c.malloc(64);
    const local = vector(c, [mine, 3], [mine + 8, 5]);
    const remote = vector(c, [theirs + 1, 2], [theirs + 4, 4]);
    expect(c.user.syscall(SYS_process_vm_readv, pid, local, 2, remote, 2, 0)).toBe(6);
    expect(new TextDecoder().decode(c.user.read(mine, 3))).toBe("bce");
    expect(new TextDecoder().decode(c.user.read(mine + 8, 3))).toBe("fgh");
    // "partial transfers … process_vm_readv() will return the number of bytes"; here the mapping ends.
    const end = vector(c, [theirs + PAGE - 2, 8]);
    expect(c.user.syscall(SYS_process_vm_readv, pid, local, 2, end, 1, 0)).toBe(2);
    expect(c.user.syscall(SYS_process_vm_readv, pid, local, 2, vector(c, [8, 8]), 1, 0)).toBe(-EFAULT);
    c.user.store8(mine, 99);
    expect(c.user.syscall(SYS_process_vm_writev, pid, vector(c, [mine, 1]), 1, vector(c, [theirs + 2, 1]), 1, 0)).toBe(
      1,
    );
    // Nothing of the caller's own changed.
    expect(c.user.load8(theirs + 2)).toBe(0);
    expect(c.user.syscall(SYS_process_vm_readv, pid, local, 2, remote, 2, 1)).toBe(-EINVAL);
    expect(c.user.syscall(SYS_process_vm_readv, 9999, local, 2, remote, 2, 0)).toBe(-ESRCH);
    expect(await c.waitpid(-1)).toMatchObject({ status: 99 << 8 });
    const self = c.user.syscall(SYS_getpid) as number;
    c.fork((child) => {
      child.user.syscall(SYS_setuid, 1000);
      return -(child.user.syscall(SYS_process_vm_readv, self, local, 2, remote, 2, 0) as number);
    });
    expect(await c.waitpid(-1)).toMatchObject({ status: EPERM << 8 });
    return 0;
  });
});

test("capget(2): root has all 41 capabilities, others none; an unknown version is told the preferred one", async () => {
  const lab = await Lab.boot();
  await lab.run((c) => {
    const header = c.malloc(8);
    const data = c.malloc(24);
    const read = () => Array.from({ length: 6 }, (_, i) => c.user.load32(data + 4 * i) >>> 0);
    const version = (value: number, pid = 0): void => {
      c.user.store32(header, value);
      c.user.store32(header + 4, pid);
    };
    version(0x2008_0522);
    expect(c.user.syscall(SYS_capget, header, data)).toBe(0);
    expect(read()).toEqual([0xffff_ffff, 0xffff_ffff, 0, 0x1ff, 0x1ff, 0]);
    expect(c.user.syscall(SYS_capset, header, data)).toBe(0);
    version(7);
    expect(c.user.syscall(SYS_capget, header, data)).toBe(-EINVAL);
    expect(c.user.load32(header)).toBe(0x2008_0522);
    version(7);
    expect(c.user.syscall(SYS_capget, header, 0)).toBe(0);
    version(0x2008_0522, 4321);
    expect(c.user.syscall(SYS_capget, header, data)).toBe(-ESRCH);
    version(0x2008_0522);
    c.user.syscall(SYS_setuid, 1000);
    c.user.syscall(SYS_capget, header, data);
    expect(read()).toEqual([0, 0, 0, 0, 0, 0]);
    c.user.store32(data + 4, 1);
    expect(c.user.syscall(SYS_capset, header, data)).toBe(-EPERM);
    return 0;
  });
});

// adjtimex(2): "TIME_ERROR: The system clock is not synchronized to a reliable server", 5.
test("adjtimex(2) reads", async () => {
  const lab = await Lab.boot({ epoch: 1_700_000_000 });
  await lab.run((c) => {
    const va = c.malloc(timex.size);
    expect(c.user.syscall(SYS_adjtimex, va)).toBe(5);
    const { time, tick, status } = timex.read(c.user.read(va, timex.size));
    expect([time.tv_sec, tick, status]).toEqual([1_700_000_000, 10_000, 0x40]);
    c.user.store32(va, 1);
    expect(c.user.syscall(SYS_adjtimex, va)).toBe(-EPERM);
    expect(c.user.syscall(SYS_clock_adjtime, 99, va)).toBe(-EINVAL);
    return 0;
  });
});

// null(4): "Data written to the /dev/null and /dev/zero special files is discarded."
test.each(["/dev/null", "/dev/zero"])("sendfile(2) to %s", async (path) => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const source = await c.open("/tmp/source", O_RDWR | O_CREAT, 0o600);
    c.ftruncate(source, 100_000);
    const target = await c.open(path, O_WRONLY);
    expect(c.user.syscall(SYS_sendfile, target, source, 0, 1_000_000)).toBe(100_000);
    expect(c.user.syscall(SYS_sendfile, target, source, 0, 1_000_000)).toBe(0);
    return 0;
  });
});
