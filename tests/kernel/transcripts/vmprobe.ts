/**
 * The program that recorded vmprobe.txt, as a TypeScript guest: the same calls in the same order. Each line begins with
 * the C expression whose result it shows.
 */
import { errnoName } from "../../../abi/errno.ts";
import { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } from "../../../abi/fcntl.ts";
import {
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_KEEPONFORK,
  MADV_NORMAL,
  MADV_REMOVE,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_FAILED,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MS_ASYNC,
  MS_INVALIDATE,
  MS_SYNC,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../../abi/mman.ts";
import type { SignalInfo, User } from "../../../abi/program.ts";
import { SA_NODEFER, SA_SIGINFO, SIG_DFL, SIGBUS, SIGILL, SIGSEGV, signalName } from "../../../abi/signal.ts";
import { SYS_brk, SYS_mlock, SYS_munlock, SYS_pipe2 } from "../../../abi/syscalls.ts";
import { WEXITSTATUS, WTERMSIG } from "../../../abi/wait.ts";
import { type Libc, program, type Waited } from "../../../guests/libc.ts";

const PG = 4096;
const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;
/** printf's %-78s. */
const LABEL_WIDTH = 78;

/** A signal handler that leaves by siglongjmp: what was interrupted never returns. */
class Jump extends Error {
  readonly info: SignalInfo;
  constructor(info: SignalInfo) {
    super("siglongjmp");
    this.info = info;
  }
}

/** The macros of the C program, and its one global variable. */
class Probe {
  readonly c: Libc;
  readonly user: User;
  m = 0;

  constructor(c: Libc) {
    this.c = c;
    this.user = c.user;
  }

  async line(label: string, text: string): Promise<void> {
    await this.c.puts(`${label.padEnd(LABEL_WIDTH)} = ${text}`);
  }

  #errno(): string {
    return this.c.errno === 0 ? "-1 0" : `-1 ${errnoName(this.c.errno)}`;
  }

  /** A number. */
  async P(label: string, call: () => number | Promise<number>): Promise<void> {
    this.c.errno = 0;
    const result = await call();
    await this.line(label, result < 0 ? this.#errno() : String(result));
  }

  /** An address. */
  async A(label: string, call: () => number): Promise<void> {
    this.c.errno = 0;
    await this.line(label, call() === MAP_FAILED ? this.#errno() : "addr");
  }

  /** An access. */
  async F(label: string, access: () => void | Promise<unknown>): Promise<void> {
    try {
      await access();
      await this.line(label, "ok");
    } catch (error) {
      if (!(error instanceof Jump)) throw error;
      const { signo, code, address } = error.info;
      const offset = BigInt.asUintN(64, BigInt(address) - BigInt(this.m));
      await this.line(label, `${signalName(signo)} code=${code} addr=m+0x${offset.toString(16)}`);
    }
  }

  anonymous(pages: number): number {
    return this.c.mmap(0, pages * PG, 3, PRIVATE, -1, 0);
  }

  /** The status of a child that ends. */
  async child(main: (child: Libc) => number): Promise<number> {
    this.c.fork(main);
    return ((await this.c.waitpid(-1)) as Waited).status;
  }
}

const mapping = async (p: Probe, fd: number): Promise<void> => {
  const { c } = p;
  const map = c.mmap;
  await p.A("mmap(0,0,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0)", () => map(0, 0, 3, PRIVATE, -1, 0));
  await p.A("mmap(0,PG,3,MAP_ANONYMOUS,-1,0)", () => map(0, PG, 3, MAP_ANONYMOUS, -1, 0));
  await p.A("mmap(0,PG,3,MAP_SHARED|MAP_PRIVATE,fd,0)", () => map(0, PG, 3, MAP_SHARED | MAP_PRIVATE, fd, 0));
  await p.A("mmap(0,PG,3,MAP_PRIVATE,fd,1)", () => map(0, PG, 3, MAP_PRIVATE, fd, 1));
  await p.A("mmap(0,PG,3,MAP_PRIVATE,-1,0)", () => map(0, PG, 3, MAP_PRIVATE, -1, 0));
  await p.A("mmap(0,PG,3,MAP_SHARED,0,0)", () => map(0, PG, 3, MAP_SHARED, 0, 0));
  await p.A("mmap((void*)1,PG,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0)", () =>
    map(1, PG, 3, PRIVATE | MAP_FIXED, -1, 0),
  );
  await p.A("mmap(0,-1UL,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0)", () => map(0, -1, 3, PRIVATE, -1, 0));
  await p.A("mmap(0,-PG,3,MAP_PRIVATE|MAP_ANONYMOUS,-1,0)", () => map(0, -PG, 3, PRIVATE, -1, 0));
  await p.A("mmap(0,1UL<<46,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE,-1,0)", () =>
    map(0, 2 ** 46, 3, PRIVATE | MAP_NORESERVE, -1, 0),
  );
  await p.A("mmap(0,PG,3,MAP_PRIVATE,fd,-PG)", () => map(0, PG, 3, MAP_PRIVATE, fd, -PG));
  await p.A("mmap(0,2*PG,3,MAP_PRIVATE,fd,-PG)", () => map(0, 2 * PG, 3, MAP_PRIVATE, fd, -PG));
  await p.A("mmap(0,PG,3,MAP_SHARED_VALIDATE|0x80000000,fd,0)", () =>
    map(0, PG, 3, MAP_SHARED_VALIDATE | 0x8000_0000, fd, 0),
  );
  await p.A("mmap(0,PG,0xf0,MAP_PRIVATE|MAP_ANONYMOUS,-1,0)", () => map(0, PG, 0xf0, PRIVATE, -1, 0));
  await p.A("mmap((void*)PG,PG,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0)", () =>
    map(PG, PG, 3, PRIVATE | MAP_FIXED, -1, 0),
  );
  await c.puts(` hint 1: 0x${map(1, PG, 3, PRIVATE, -1, 0).toString(16)}`);
  p.m = p.anonymous(8);
  await p.A("mmap(m,PG,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE,-1,0)", () =>
    map(p.m, PG, 3, PRIVATE | MAP_FIXED_NOREPLACE, -1, 0),
  );
  const top = p.anonymous(1);
  await c.puts(` topdown: second below first: ${Number(top < p.m)}; adjacent=${Number(top + PG === p.m)}`);
  c.munmap(top, PG);
};

const unmapping = async (p: Probe): Promise<void> => {
  const { c, m } = p;
  await p.P("munmap(m,0)", () => c.munmap(m, 0));
  await p.P("munmap(m+1,PG)", () => c.munmap(m + 1, PG));
  await p.P("munmap((void*)(1UL<<60),PG)", () => c.munmap(2 ** 60, PG));
  await p.P("munmap(m+3*PG,PG)", () => c.munmap(m + 3 * PG, PG));
  await p.P("munmap(m+3*PG,PG)", () => c.munmap(m + 3 * PG, PG));
  await p.F("m[3*PG]=1", () => p.user.store8(m + 3 * PG, 1));
  await p.F("m[3*PG-1]=1", () => p.user.store8(m + 3 * PG - 1, 1));
  await p.P("munmap(m+2*PG,3*PG)", () => c.munmap(m + 2 * PG, 3 * PG));
};

const protecting = async (p: Probe): Promise<void> => {
  const { c, user } = p;
  p.m = p.anonymous(8);
  const { m } = p;
  const load = "(void)*(volatile char*)m";
  const protect = async (label: string, prot: number): Promise<void> =>
    p.P(`mprotect(m,PG,${label})`, () => c.mprotect(m, PG, prot));
  await p.P("mprotect(m,0,1)", () => c.mprotect(m, 0, 1));
  await p.P("mprotect(m+1,PG,1)", () => c.mprotect(m + 1, PG, 1));
  await protect("0x1000", 0x1000);
  await protect("PROT_READ", PROT_READ);
  await p.F("m[0]=1", () => user.store8(m, 1));
  await p.F(load, () => void user.load8(m));
  await protect("PROT_NONE", PROT_NONE);
  await p.F(load, () => void user.load8(m));
  await protect("PROT_WRITE", PROT_WRITE);
  await p.F(load, () => void user.load8(m));
  await p.F("m[0]=1", () => user.store8(m, 1));
  await protect("PROT_EXEC", PROT_EXEC);
  await p.F(load, () => void user.load8(m));
  await protect("PROT_READ", PROT_READ);
  await protect("7", 7);
  await p.P("munmap(m+4*PG,PG)", () => c.munmap(m + 4 * PG, PG));
  await p.P("mprotect(m,8*PG,PROT_READ)", () => c.mprotect(m, 8 * PG, PROT_READ));
  await p.F("m[PG]=1", () => user.store8(m + PG, 1));
  await p.F("m[5*PG]=1", () => user.store8(m + 5 * PG, 1));
  await p.P("mprotect((void*)-PG,PG,1)", () => c.mprotect(-PG, PG, 1));
  await p.P("mprotect(m,-PG,1)", () => c.mprotect(m, -PG, 1));
  await protect("PROT_READ|PROT_GROWSDOWN", PROT_READ | PROT_GROWSDOWN);
  await protect("PROT_GROWSDOWN|PROT_GROWSUP|1", PROT_GROWSDOWN | PROT_GROWSUP | 1);
};

const mappingFiles = async (p: Probe): Promise<{ pipe: number; nul: number; zero: number }> => {
  const { c } = p;
  const ro = await c.open("/tmp/vmp", O_RDONLY);
  const s = c.mmap(0, PG, 1, MAP_SHARED, ro, 0);
  await p.P("mprotect(s,PG,3)", () => c.mprotect(s, PG, 3));
  await p.A("mmap(0,PG,3,MAP_SHARED,ro,0)", () => c.mmap(0, PG, 3, MAP_SHARED, ro, 0));
  await p.A("mmap(0,PG,3,MAP_PRIVATE,ro,0)", () => c.mmap(0, PG, 3, MAP_PRIVATE, ro, 0));
  const wo = await c.open("/tmp/vmp", O_WRONLY);
  await p.A("mmap(0,PG,2,MAP_SHARED,wo,0)", () => c.mmap(0, PG, 2, MAP_SHARED, wo, 0));
  await p.A("mmap(0,PG,2,MAP_PRIVATE,wo,0)", () => c.mmap(0, PG, 2, MAP_PRIVATE, wo, 0));
  const d = await c.open("/tmp", O_RDONLY);
  await p.A("mmap(0,PG,1,MAP_PRIVATE,d,0)", () => c.mmap(0, PG, 1, MAP_PRIVATE, d, 0));
  const pp = c.malloc(8);
  await c.syscall(SYS_pipe2, pp, 0);
  await p.A("mmap(0,PG,1,MAP_PRIVATE,pp[0],0)", () => c.mmap(0, PG, 1, MAP_PRIVATE, p.user.load32(pp), 0));
  const nul = await c.open("/dev/null", O_RDWR);
  await p.A("mmap(0,PG,3,MAP_SHARED,nul,0)", () => c.mmap(0, PG, 3, MAP_SHARED, nul, 0));
  const zero = await c.open("/dev/zero", O_RDWR);
  await p.A("mmap(0,PG,3,MAP_SHARED,z,0)", () => c.mmap(0, PG, 3, MAP_SHARED, zero, 0));
  await p.A("mmap(0,PG,3,MAP_PRIVATE,z,0)", () => c.mmap(0, PG, 3, MAP_PRIVATE, zero, 0));
  return { pipe: p.user.load32(pp + 4), nul, zero };
};

const endOfFile = async (p: Probe, fd: number): Promise<void> => {
  const { c, user } = p;
  p.m = c.mmap(0, 4 * PG, 3, MAP_SHARED, fd, 0);
  const { m } = p;
  await p.F("m[0]=1", () => user.store8(m, 1));
  await p.F("m[PG+99]=1", () => user.store8(m + PG + 99, 1));
  await p.F("m[PG+100]=1", () => user.store8(m + PG + 100, 1));
  await p.F("m[2*PG-1]=1", () => user.store8(m + 2 * PG - 1, 1));
  await p.F("m[2*PG]=1", () => user.store8(m + 2 * PG, 1));
  await p.F("m[3*PG+5]=1", () => user.store8(m + 3 * PG + 5, 1));
  const t = c.malloc(1);
  await p.P("pread(fd,&t,1,PG+100)", () => c.pread(fd, t, 1, PG + 100));
  c.ftruncate(fd, 0);
  await p.F("m[0]=1", () => user.store8(m, 1));
  await p.P("pread(fd,m+64,8,0)", () => c.pread(fd, m + 64, 8, 0));
  await p.P("write(1,m,4)", () => c.write(1, m, 4));
  await p.P("read(0,m,0)", () => c.read(0, m, 0));
  c.ftruncate(fd, PG);
  await p.F('printf("[%d] ",m[0])', async () => c.print(`[${user.load8(m)}] `));
  await p.P("mremap(m,4*PG,8*PG,0)==MAP_FAILED?-1:1", () => (c.mremap(m, 4 * PG, 8 * PG, 0) === MAP_FAILED ? -1 : 1));
};

const remapping = async (p: Probe): Promise<void> => {
  const { c, user } = p;
  p.m = p.anonymous(8);
  const { m } = p;
  const remap = c.mremap;
  const both = MREMAP_DONTUNMAP | MREMAP_MAYMOVE;
  await p.A("mremap(m,8*PG,4*PG,0)", () => remap(m, 8 * PG, 4 * PG, 0));
  await p.F("m[4*PG]=1", () => user.store8(m + 4 * PG, 1));
  await p.A("mremap(m,4*PG,8*PG,0)", () => remap(m, 4 * PG, 8 * PG, 0));
  await p.A("mremap(m+1,PG,PG,0)", () => remap(m + 1, PG, PG, 0));
  await p.A("mremap(m,PG,0,0)", () => remap(m, PG, 0, 0));
  await p.A("mremap(m,PG,PG,0x80)", () => remap(m, PG, PG, 0x80));
  await p.A("mremap(m,PG,PG,MREMAP_FIXED,m)", () => remap(m, PG, PG, MREMAP_FIXED, m));
  await p.A("mremap(m,2*PG,2*PG,MREMAP_FIXED|MREMAP_MAYMOVE,m+PG)", () =>
    remap(m, 2 * PG, 2 * PG, MREMAP_FIXED | MREMAP_MAYMOVE, m + PG),
  );
  await p.A("mremap((void*)PG,PG,2*PG,MREMAP_MAYMOVE)", () => remap(PG, PG, 2 * PG, MREMAP_MAYMOVE));
  await p.A("mremap(m,9*PG,10*PG,MREMAP_MAYMOVE)", () => remap(m, 9 * PG, 10 * PG, MREMAP_MAYMOVE));
  await p.A("mremap(m,PG,2*PG,MREMAP_DONTUNMAP|MREMAP_MAYMOVE)", () => remap(m, PG, 2 * PG, both));
  user.store8(m, 42);
  const q = remap(m, PG, PG, both, 0);
  await c.puts(` dontunmap: new ${q === MAP_FAILED ? -1 : user.load8(q)} old ${user.load8(m)}`);
  c.mprotect(m + PG, PG, 1);
  await p.A("mremap(m,2*PG,4*PG,MREMAP_MAYMOVE)", () => remap(m, 2 * PG, 4 * PG, MREMAP_MAYMOVE));
  user.store8(m, 1);
  const copy = remap(m, 0, PG, MREMAP_MAYMOVE);
  await p.P("q==MAP_FAILED?-1:1", () => (copy === MAP_FAILED ? -1 : 1));
};

const syncing = async (p: Probe): Promise<void> => {
  const { c } = p;
  p.m = p.anonymous(4);
  const { m } = p;
  await p.P("msync(m,PG,MS_SYNC|MS_ASYNC)", () => c.msync(m, PG, MS_SYNC | MS_ASYNC));
  await p.P("msync(m+1,PG,MS_SYNC)", () => c.msync(m + 1, PG, MS_SYNC));
  await p.P("msync(m,PG,8)", () => c.msync(m, PG, 8));
  await p.P("msync(m,PG,0)", () => c.msync(m, PG, 0));
  await p.P("msync(m,0,MS_SYNC)", () => c.msync(m, 0, MS_SYNC));
  await p.P("msync(m,PG,MS_SYNC)", () => c.msync(m, PG, MS_SYNC));
  c.munmap(m + PG, PG);
  await p.P("msync(m,4*PG,MS_SYNC)", () => c.msync(m, 4 * PG, MS_SYNC));
  await p.P("msync(m,4*PG,MS_ASYNC)", () => c.msync(m, 4 * PG, MS_ASYNC));
  await c.syscall(SYS_mlock, m, PG);
  await p.P("msync(m,PG,MS_INVALIDATE)", () => c.msync(m, PG, MS_INVALIDATE));
  await c.syscall(SYS_munlock, m, PG);
};

const askingIncore = async (p: Probe): Promise<void> => {
  const { c, m, user } = p;
  const v = c.malloc(16);
  await p.P("mincore(m,4*PG,v)", () => c.mincore(m, 4 * PG, v));
  await p.P("mincore(m+1,PG,v)", () => c.mincore(m + 1, PG, v));
  await p.P("mincore(m,0,v)", () => c.mincore(m, 0, v));
  await p.P("mincore(m,PG,(void*)-1L)", () => c.mincore(m, PG, -1));
  await p.P("mincore((void*)m,PG,(void*)8)", () => c.mincore(m, PG, 8));
  user.store8(m, 1);
  user.store8(v, 9);
  await p.P("mincore(m,PG,v)", () => c.mincore(m, PG, v));
  await c.print(` touched ${user.load8(v)};`);
  await p.P("mincore(m+3*PG,PG,v)", () => c.mincore(m + 3 * PG, PG, v));
  await c.puts(` untouched ${user.load8(v)}`);
};

const advising = async (p: Probe): Promise<void> => {
  const { c, m, user } = p;
  await p.P("madvise(m,PG,1000)", () => c.madvise(m, PG, 1000));
  await p.P("madvise(m+1,PG,MADV_DONTNEED)", () => c.madvise(m + 1, PG, MADV_DONTNEED));
  await p.P("madvise(m,0,MADV_DONTNEED)", () => c.madvise(m, 0, MADV_DONTNEED));
  await p.P("madvise(m,-PG,MADV_DONTNEED)", () => c.madvise(m, -PG, MADV_DONTNEED));
  user.store8(m, 7);
  await p.P("madvise(m,PG,MADV_DONTNEED)", () => c.madvise(m, PG, MADV_DONTNEED));
  await c.puts(` after DONTNEED ${user.load8(m)}`);
  await p.P("madvise(m,4*PG,MADV_DONTNEED)", () => c.madvise(m, 4 * PG, MADV_DONTNEED));
  await p.P("madvise(m+PG,PG,MADV_NORMAL)", () => c.madvise(m + PG, PG, MADV_NORMAL));
  await c.syscall(SYS_mlock, m, PG);
  await p.P("madvise(m,PG,MADV_DONTNEED)", () => c.madvise(m, PG, MADV_DONTNEED));
  await c.syscall(SYS_munlock, m, PG);
  await p.P("madvise(m,PG,MADV_REMOVE)", () => c.madvise(m, PG, MADV_REMOVE));
  await p.P("madvise(m,PG,MADV_WIPEONFORK)", () => c.madvise(m, PG, MADV_WIPEONFORK));
  user.store8(m, 3);
  const wiped = await p.child((child) => child.user.load8(m));
  await c.puts(` wipeonfork child sees ${wiped >> 8}`);
  await p.P("madvise(m,PG,MADV_KEEPONFORK)", () => c.madvise(m, PG, MADV_KEEPONFORK));
  await p.P("madvise(m,PG,MADV_DONTFORK)", () => c.madvise(m, PG, MADV_DONTFORK));
  const status = await p.child((child) => {
    child.sigaction(SIGSEGV, SIG_DFL);
    return child.user.load8(m);
  });
  const killed = WTERMSIG(status) !== 0;
  await c.puts(` dontfork child: ${killed ? "sig" : "exit"} ${killed ? WTERMSIG(status) : WEXITSTATUS(status)}`);
};

const breaking = async (p: Probe): Promise<void> => {
  const { c } = p;
  const brk = async (va: number): Promise<number> => c.syscall(SYS_brk, va);
  const b = await brk(0);
  const grown = (await brk(b + PG)) - b;
  const same = Number((await brk(0)) === b + PG);
  await c.puts(` brk+1pg ${grown} brk(0)==cur ${same} brk(low) unchanged ${Number((await brk(1)) === b + PG)}`);
  const last = Math.floor((b + PG - 1) / PG) * PG;
  await p.F("((char*)((b+PG-1)&~(PG-1)))[0]=1", () => p.user.store8(last, 1));
  await c.puts(` shrink ${Number((await brk(b)) === b)}`);
  await c.puts(` brk unaligned keeps ${(await brk(b + 5)) - b}`);
  await c.puts(` brk huge unchanged ${Number((await brk(b + 2 ** 40)) === b + 5)}`);
};

const forking = async (p: Probe): Promise<void> => {
  const { c, user } = p;
  const x = p.anonymous(1);
  const y = c.mmap(0, PG, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (const va of [x, y]) user.store32(va, 1);
  await p.child((child) => {
    for (const va of [x, y]) child.user.store32(va, 2);
    return 0;
  });
  await c.puts(` fork: private ${user.load32(x)} shared ${user.load32(y)}`);
};

const wildAccesses = async (p: Probe): Promise<void> => {
  const { user } = p;
  p.m = 0;
  await p.F("*(volatile char*)0=1", () => user.store8(0, 1));
  await p.F("*(volatile char*)0x1234567000=1", () => user.store8(0x12_3456_7000, 1));
  await p.F("*(volatile long*)0xdeadbeefdeadbeef=1", () =>
    user.store64(Number(BigInt.asIntN(64, 0xdead_beef_dead_beefn)), 1n),
  );
  await p.F("(void)*(volatile long*)0xffffffff80000000", () => void user.load64(-0x8000_0000));
};

const badBuffers = async (p: Probe, fd: number, files: { pipe: number; nul: number; zero: number }): Promise<void> => {
  const { c } = p;
  await p.P("write(1,(void*)8,1)", () => c.write(1, 8, 1));
  await p.P("write(1,(void*)-8L,1)", () => c.write(1, -8, 1));
  await p.P("write(1,(void*)8,0)", () => c.write(1, 8, 0));
  const q = p.anonymous(2);
  c.munmap(q + PG, PG);
  const at = q + PG - 4;
  await p.P("write(nul,q+PG-4,8)", () => c.write(files.nul, at, 8));
  await p.P("write(pp[1],q+PG-4,8)", () => c.write(files.pipe, at, 8));
  await p.P("pwrite(fd,q+PG-4,8,0)", () => c.pwrite(fd, at, 8, 0));
  await p.P("pread(z,q+PG-4,8,0)", () => c.pread(files.zero, at, 8, 0));
};

export const vmprobe = program(async (c) => {
  const jump = (_signo: number, info: SignalInfo): void => {
    throw new Jump(info);
  };
  for (const signo of [SIGSEGV, SIGBUS, SIGILL]) c.sigaction(signo, jump, SA_SIGINFO | SA_NODEFER);
  const p = new Probe(c);
  const fd = await c.open("/tmp/vmp", O_RDWR | O_CREAT | O_TRUNC, 0o600);
  c.ftruncate(fd, PG + 100);
  await mapping(p, fd);
  await unmapping(p);
  await protecting(p);
  const files = await mappingFiles(p);
  await endOfFile(p, fd);
  await remapping(p);
  await syncing(p);
  await askingIncore(p);
  await advising(p);
  await breaking(p);
  await forking(p);
  await wildAccesses(p);
  await badBuffers(p, fd, files);
  await c.puts("PROBE-END");
  return 0;
});
