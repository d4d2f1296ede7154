/**
 * Programs that mean no good (c/hostile.c): each gets an errno or a signal, the machine lives on, and every page is back.
 * Where Linux's answer is a matter of numbers, the line says where they come from.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { SIGKILL, SIGSEGV } from "../../abi/signal.ts";
import { ScanoutMachine } from "../../src/api/machine.ts";
import { bugsIn, createMachine, type ProgramMachine, testProgram } from "./machine.ts";

const MIB = 0x10_0000;
const elf = testProgram("hostile");

const run = async (machine: ProgramMachine, name: string) => {
  const status = await machine.run(elf, { argv: ["program", name] });
  expect(bugsIn(machine.log())).toEqual([]);
  return { status, lines: machine.takeOutput().split("\n").slice(0, -1) };
};

describe("memory", () => {
  let machine: ProgramMachine;
  beforeAll(async () => {
    machine = await createMachine({ ram: 64 * MIB });
  });

  // getrlimit(2), RLIMIT_STACK: "Upon reaching this limit, a SIGSEGV signal is generated. To handle this signal, a
  // process must employ an alternate signal stack (sigaltstack(2))."
  test("a stack overflow is a SIGSEGV 8 MiB down, which only an alternate stack can handle", async () => {
    const { lines, status } = await run(machine, "overflow");
    expect(lines).toEqual([
      "signal 11 code 1, 8 MiB down, deep",
      "alternate stack: exit 0",
      "no room for the frame: signal 11",
    ]);
    expect(status).toEqual({ code: 0 });
  });

  // vm.max_map_count is 65530. mprotect splits while there are fewer; mmap makes one more, as map_count > max is its
  // test (do_mmap); munmap inside a mapping would split it (do_vmi_align_munmap).
  test("there is an end to mappings: ENOMEM", async () => {
    const { lines } = await run(machine, "map-many");
    expect(lines).toEqual([
      "mprotect: ENOMEM",
      "mappings: 65530",
      "made: 65530",
      "one more: 1",
      "a hole: ENOMEM",
      "all: 0",
      "left: 1",
    ]);
  });

  test("who takes all memory is killed for it, and nobody else is", async () => {
    const { lines, status } = await run(machine, "exhaust");
    expect(lines).toEqual(["child: signal 9", "the parent lives"]);
    expect(status).toEqual({ code: 0 });
    expect(machine.log().at(-1)).toMatch(/^Out of memory: Killed process \d+ \(program\)/);
  });

  // What takes time for each page of a range would take minutes here: 2^25 pages of addresses, 2^28 of a file.
  test("calls on 2^37 bytes of addresses come back", async () => {
    const { lines, status } = await run(machine, "huge");
    expect(lines.filter((line) => !/: (exit )?0$/.test(line))).toEqual([]);
    expect(lines).toHaveLength(14);
    expect(status).toEqual({ code: 0 });
  }, 20_000);

  test("video memory as a stack, and mapped when a child executes another program", async () => {
    expect((await run(machine, "pivot")).lines).toEqual(["a child on it: signal 11", "taken 3, video memory was used"]);
    // A private mapping's copies are the child's own, mmap(2).
    expect((await run(machine, "vram-fork")).lines).toEqual(["exec: exit 0", "shared 7 8 copied 9 0"]);
  });
});

describe("signals", () => {
  test("a handler that faults ends by its own signal, blocked or nested", async () => {
    const { lines } = await run(await createMachine(), "recursive-fault");
    expect(lines).toEqual(["blocked: signal 11", "SA_NODEFER: signal 11"]);
  });

  // restore_sigcontext and set_current_blocked of Linux: registers are taken as they are and fault when they are used;
  // the mask loses SIGKILL and SIGSTOP; the low bit of pc, and all of fcsr but frm and fflags, cannot be set
  // (privileged spec, sepc; unprivileged spec, fcsr). A frame that cannot be read is SIGSEGV.
  test("a forged frame gives no more than the program has", async () => {
    const { lines } = await run(await createMachine(), "forge");
    expect(lines).toEqual([
      "kernel pc: signal 11",
      "odd pc: exit 0",
      "pc -1: signal 11",
      "sp -1: exit 0",
      "mask fffffffffffbfeff",
      "mask: signal 9",
      "fcsr ff",
      // "The dynamic rounding mode … an invalid value … any subsequent attempt to execute a floating-point operation with
      // a dynamic rounding mode will raise an illegal-instruction exception."
      "fcsr: signal 4",
      "gp and tp: exit 0",
      ...["0", "8", "1", "ffffffff80000000", "ffffffffffffffff", "3ffffffff8", "4000000000", "8000000000000000"].map(
        (stack) => `${stack} sigreturn: signal 11`,
      ),
      // force_sigsegv, force_sig: SI_KERNEL.
      "signal 11 code 80",
      "no stack for a signal: exit 0",
      "signal 11 code 80",
      "no frame, and a handler: exit 0",
      "a frame of zeros, misaligned: signal 11",
    ]);
  });
});

describe("calls", () => {
  // execve(2): E2BIG, "the total number of bytes in the environment and argument list is too large"; a single string may
  // have 32 pages; EFAULT, "one of the pointers … points outside your accessible address space".
  test("execve: too much, or not there", async () => {
    const { lines, status } = await run(await createMachine(), "arguments");
    expect(lines).toEqual([
      "2^20 arguments: E2BIG",
      "2^20 variables: E2BIG",
      "a vector that runs off its mapping: EFAULT",
      "a wild argument: EFAULT",
      "a wild vector: EFAULT",
      "a wild path: EFAULT",
      "an argument without an end: EFAULT",
      "an argument of 33 pages: E2BIG",
      // The vector's first pointer as text, byte for byte: a string of the program, which is linked at 0x10000.
      "argc 3, 3 bytes",
    ]);
    expect(status).toEqual({ code: 0 });
  });

  // write(2): "will transfer at most 0x7ffff000 (2,147,479,552) bytes"; /dev/null takes what it never reads. access_ok
  // of 6.12 on riscv refuses what ends beyond 2^63. writev(2): EINVAL, "the sum … overflows" or "iovcnt is … greater than
  // the permitted maximum". pread(2): EINVAL for a negative offset.
  test("lengths and offsets at the ends of their types", async () => {
    const { lines } = await run(await createMachine(), "transfers");
    expect(lines).toEqual([
      "write 2^62: 2147479552",
      "write 2^63: EFAULT",
      "write -1: EFAULT",
      "write 2^37 at its end: 2147479552",
      "write 2^37 + 1: 2147479552",
      "read 2^62: 4000",
      "read 2^53 + 1: 4000",
      "read 2^38 - 1: 4096",
      "read into nothing: EFAULT",
      "pread at 2^63 - 1: EINVAL",
      "pread at -2^63: EINVAL",
      "writev 2 * 2^62: 2147479552",
      "writev 2 * (2^63 - 1024): EFAULT",
      "writev 8 and -1: EINVAL",
      "writev 1025: EINVAL",
      "writev -1: EINVAL",
      "writev 2^40: EINVAL",
      "writev vector 2^63: EFAULT",
    ]);
  });
});

describe("processes", () => {
  // fork(2): EAGAIN, "a system-imposed limit on the number of threads was encountered"; ENOMEM. Each process sleeps once
  // it has heard that, so in the end nobody can wake anybody: all are killed.
  test("a fork bomb ends in EAGAIN, or ENOMEM where memory is the shorter", async () => {
    for (const [ram, reason] of [
      [128, "EAGAIN"],
      [16, "ENOMEM"],
    ] as const) {
      const machine = await createMachine({ ram: ram * MIB, limits: { processes: 1000 } });
      const { lines, status } = await run(machine, "fork-bomb");
      // By the end of all, or before it by the want of memory.
      expect(status).toMatchObject({ signal: SIGKILL });
      expect(new Set(lines)).toEqual(new Set([`fork: ${reason}`]));
      expect(lines.length).toBeGreaterThan(100);
    }
  });

  // pipe(7): "a pipe has a limited capacity", 65,536 bytes; a full one blocks, and here nobody will ever read.
  test("a full pipe that nobody reads is a deadlock, which is told and ended", async () => {
    const machine = await createMachine();
    const { lines, status } = await run(machine, "fill-pipe");
    expect(lines).toEqual(["full"]);
    expect(status).toEqual({ signal: SIGKILL, address: 0 });
    expect(machine.log().at(-1)).toBe("INFO: task program:1 blocked for ever in write");
  });

  // Issue: "an endless loop costs exactly its fuel".
  test("an endless loop, and eight of them, cost exactly what they are allowed", async () => {
    for (const [name, instructions] of [
      ["loop", 1_234_567],
      ["loop", 1],
      ["loops", 3_000_001],
    ] as const) {
      const machine = await createMachine();
      const before = machine.pagesInUse();
      const driven = new ScanoutMachine(machine.computer);
      machine.computer.spawnFile("/bin/program", elf, { argv: ["program", name] });
      expect(await driven.run({ instructions })).toMatchObject({ ended: "instructions", instructions });
      await driven[Symbol.asyncDispose]();
      expect(machine.pagesInUse()).toBe(before);
    }
  });

  test("an endless loop is ended from outside", async () => {
    const machine = await createMachine();
    const { kernel } = machine.computer;
    setTimeout(() => {
      for (const { pid } of kernel.tasks) kernel.signal(pid, SIGSEGV);
    }, 30);
    expect((await run(machine, "loop")).status).toEqual({ signal: SIGSEGV, address: 0 });
  });
});
