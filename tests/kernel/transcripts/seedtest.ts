/** The program that recorded seedtest.txt, as a TypeScript guest: the same calls in the same order. */
import { errnoName } from "../../../abi/errno.ts";
import { O_RDWR } from "../../../abi/fcntl.ts";
import {
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_FAILED,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MS_SYNC,
  PROT_READ,
} from "../../../abi/mman.ts";
import type { SignalInfo } from "../../../abi/program.ts";
import { SA_NODEFER, SA_SIGINFO, SIGBUS, SIGSEGV } from "../../../abi/signal.ts";
import { SYS_mlock, SYS_pipe2 } from "../../../abi/syscalls.ts";
import { type Libc, program } from "../../../guests/libc.ts";

const PG = 4096;
const RW = 3;

/** A signal handler that leaves by siglongjmp: what was interrupted never returns. */
class Jump extends Error {
  readonly info: SignalInfo;
  constructor(info: SignalInfo) {
    super("siglongjmp");
    this.info = info;
  }
}

const errorOr = (c: Libc, failed: boolean, otherwise = "ok"): string => (failed ? errnoName(c.errno)! : otherwise);

const partA = async (c: Libc): Promise<void> => {
  const { user } = c;
  const a = await c.open("/dev/seedA", O_RDWR);
  const m = c.mmap(0, 16 * PG, RW, MAP_SHARED, a, 0);
  await c.puts(`A: ${c.loadCString(m)}`);
  c.strcpy(m, "This is from user space");
  const t = c.malloc(32);
  c.pread(a, t, 23, 0);
  user.store8(t + 23, 0);
  await c.puts(`A read back: ${c.loadCString(t)}`);
  const map = (length: number, prot: number, flags: number, offset = 0): string =>
    errorOr(c, c.mmap(0, length, prot, flags, a, offset) === MAP_FAILED);
  await c.puts(`A 17 pages: ${map(17 * PG, RW, MAP_SHARED)}`);
  await c.puts(`A off 1pg: ${map(PG, RW, MAP_SHARED, PG)}`);
  await c.puts(`A private rw 16: ${map(16 * PG, RW, MAP_PRIVATE)}`);
  await c.puts(`A private rw 1: ${map(PG, RW, MAP_PRIVATE)}`);
  await c.puts(`A private r 16: ${map(16 * PG, PROT_READ, MAP_PRIVATE)}`);
  await c.puts(`A len 5000: ${map(5000, RW, MAP_SHARED)}`);
  const p = c.mmap(0, PG, RW, MAP_PRIVATE, a, 0);
  user.store8(p, "X".charCodeAt(0));
  c.pread(a, t, 1, 0);
  const char = (va: number): string => String.fromCharCode(user.load8(va));
  await c.puts(`A private cow: map ${char(p)} dev ${char(t)}`);
  c.munmap(p, PG);
  await c.puts(`A mremap grow: ${errorOr(c, c.mremap(m, 16 * PG, 17 * PG, MREMAP_MAYMOVE) === MAP_FAILED)}`);
  await c.puts(`A msync: ${errorOr(c, c.msync(m, PG, MS_SYNC) < 0)}`);
  await c.puts(`A madvise DONTNEED: ${errorOr(c, c.madvise(m, PG, MADV_DONTNEED) < 0)}`);
  const dontfork = errorOr(c, c.madvise(m, PG, MADV_DONTFORK) < 0);
  await c.puts(`A DONTFORK+DOFORK: ${dontfork} ${errorOr(c, c.madvise(m, PG, MADV_DOFORK) < 0)}`);
  await c.puts(`A mlock: ${errorOr(c, (await c.syscall(SYS_mlock, m, PG)) < 0)}`);
  const incore = errorOr(c, c.mincore(m, PG, t) < 0);
  await c.puts(`A mincore: ${incore} ${user.load8(t)}`);
  await c.puts(`A load ok after dontneed ${char(m)}`);
  await c.syscall(SYS_pipe2, t, 0);
  // errno is what the last failing call left: the recorded program printed DOFORK's.
  await c.puts(`A write(pipe,map): ${await c.write(user.load32(t + 4), m + PG, 8)} ${errnoName(c.errno)}`);
  c.fork((child) => {
    child.user.store8(m + PG, 9);
    return 0;
  });
  await c.waitpid(-1);
  await c.puts(`A fork shared ${user.load8(m + PG)}`);
};

const partB = async (c: Libc): Promise<void> => {
  const { user } = c;
  let fd = await c.open("/dev/seedB", O_RDWR);
  const state = async (what: string, who = c): Promise<void> => {
    const line = (await who.readBytes(fd, 199)) as Uint8Array;
    await who.print(`${what.padEnd(34)} ${new TextDecoder().decode(line)}`);
  };
  const mapped = (failed: boolean): string => errorOr(c, failed);
  const childEnds = async (): Promise<void> => {
    c.fork(() => 0);
    await c.waitpid(-1);
  };
  await state("B after open");
  const m = c.mmap(0, 8 * PG, RW, MAP_SHARED, fd, 0);
  await state("B after mmap 8p");
  user.load8(m);
  await state("B read p0");
  user.store8(m, "h".charCodeAt(0));
  await state("B write p0");
  user.store8(m + PG, 1);
  await state("B write p1");
  try {
    user.store8(m + 5 * PG + 8, 1);
  } catch (error) {
    if (!(error instanceof Jump)) throw error;
    const { signo, code, address } = error.info;
    await c.puts(`B beyond: sig ${signo} code ${code} addr +0x${(address - m).toString(16)}`);
  }
  await state("B after SIGBUS");
  c.fork(async (child) => {
    await state("B in child", child);
    child.user.store8(m, "c".charCodeAt(0));
    await state("B child wrote p0", child);
    child.user.store8(m + 2 * PG, 2);
    await state("B child wrote p2", child);
    return 0;
  });
  await c.waitpid(-1);
  await state("B child exited");
  await c.puts(`B parent sees ${String.fromCharCode(user.load8(m))}`);
  c.munmap(m + 3 * PG, PG);
  await state("B munmap middle p3");
  c.munmap(m, PG);
  await state("B munmap head p0");
  c.munmap(m + 7 * PG, PG);
  await state("B munmap tail p7");
  c.mprotect(m + PG, PG, PROT_READ);
  await state("B mprotect p1 ro (split)");
  c.mprotect(m + PG, PG, RW);
  await state("B mprotect p1 rw (merge?)");
  const fixed = MREMAP_MAYMOVE | MREMAP_FIXED;
  const two = c.mremap(m + PG, 2 * PG, 2 * PG, fixed, m + 32 * PG);
  await c.puts(`B mremap across 2 VMAs ${mapped(two === MAP_FAILED)}`);
  const q = c.mremap(m + PG, PG, PG, fixed, m + 32 * PG);
  await c.puts(`B mremap move ${mapped(q === MAP_FAILED)}`);
  await state("B mremap moved p1-2");
  await c.puts(`B moved content ${user.load8(q)}`);
  await state("B after moved load");
  await c.puts(`B mremap grow ${mapped(c.mremap(q, PG, 2 * PG, MREMAP_MAYMOVE) === MAP_FAILED)}`);
  await c.puts(`B dup old_len0 ${mapped(c.mremap(q, 0, PG, MREMAP_MAYMOVE) === MAP_FAILED)}`);
  await state("B dup");
  c.madvise(q, PG, MADV_DONTNEED);
  await state("B DONTNEED");
  user.load8(q);
  await state("B refault");
  // vfork copies no mapping, so nothing is counted; a TypeScript program cannot make one.
  await state("B vfork");
  c.madvise(q, PG, MADV_DONTFORK);
  await state("B DONTFORK");
  await childEnds();
  await state("B fork w/ DONTFORK");
  c.mmap(m + 4 * PG, PG, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  await state("B MAP_FIXED over p4");
  const fd2 = c.dup(fd);
  c.close(fd);
  fd = fd2;
  await state("B dup+close");
  c.close(fd);
  await c.puts(`B mapped after close: ${user.load8(q)}`);
  c.munmap(q, PG);
  await c.puts("exit now");
};

export const seedtest = program(async (c) => {
  const jump = (_signo: number, info: SignalInfo): void => {
    throw new Jump(info);
  };
  c.sigaction(SIGSEGV, jump, SA_SIGINFO | SA_NODEFER);
  c.sigaction(SIGBUS, jump, SA_SIGINFO | SA_NODEFER);
  await partA(c);
  await partB(c);
  return 0;
});
