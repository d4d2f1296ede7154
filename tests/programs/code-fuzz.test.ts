/**
 * Random bytes as a program, with handlers for their faults or without: up to about a million instructions of each, then a
 * signal. The host never throws, the log has no bug in it, and every page is back.
 *
 * A failure names its seed: SCANOUT_SEED=n runs that one alone; SCANOUT_FUZZ=n runs 12 n of them.
 */
import { beforeAll, expect, test } from "vitest";
import { SA_NODEFER, SA_ONSTACK, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP } from "../../abi/signal.ts";
import { SYS_exit, SYS_exit_group, SYS_rt_sigaction, SYS_sigaltstack } from "../../abi/syscalls.ts";
import { ECALL, tinyElf } from "../kernel/exec/tiny-elf.ts";
import { bugsIn, createMachine, type ProgramMachine } from "./machine.ts";
import { Random } from "./random.ts";
import { waker } from "./waker.ts";

const MIB = 0x10_0000;
const FIRST_SEED = 20_251_123;
/** Where tinyElf puts the first instruction. */
const START = 0x1_0078;
const WORDS = 2048;

const A0 = 10;
const A1 = 11;
const A2 = 12;
const A7 = 17;

/** addi rd, rs1, imm; lui rd, imm: instruction formats of the unprivileged spec. */
const addi = (rd: number, rs1: number, imm: number): number => ((imm << 20) | (rs1 << 15) | (rd << 7) | 0x13) >>> 0;
const lui = (rd: number, value: number): number => (((value + 0x800) & 0xffff_f000) | (rd << 7) | 0x37) >>> 0;
const loadAddress = (rd: number, value: number): number[] => [lui(rd, value), addi(rd, rd, value & 0xfff)];

const call = (nr: number): number[] => [addi(A7, 0, nr), ECALL];
/** Address of the data behind the code: a struct sigaction, a stack_t, a counter; and of a stack for handlers. */
const DATA = START + 4 * (WORDS - 16);
const ACTION = DATA;
const STACK_T = DATA + 24;
const COUNTER = DATA + 48;
const STACK = START + 4 * WORDS + 4096;
const STACK_SIZE = 0x4000;

/** sigaltstack(stack_t, NULL), and rt_sigaction(signo, action, NULL, 8) for each signal of a fault. */
const installHandlers = (): number[] => [
  ...loadAddress(A0, STACK_T),
  addi(A1, 0, 0),
  ...call(SYS_sigaltstack),
  ...[SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV].flatMap((signo) => [
    addi(A0, 0, signo),
    ...loadAddress(A1, ACTION),
    addi(A2, 0, 0),
    addi(13, 0, 8),
    ...call(SYS_rt_sigaction),
  ]),
];

/** sd rs2, imm(rs1); ld rd, imm(rs1). */
const sd = (rs2: number, imm: number, rs1: number): number =>
  (((imm >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | (3 << 12) | ((imm & 31) << 7) | 0x23) >>> 0;
const ld = (rd: number, imm: number, rs1: number): number =>
  ((imm << 20) | (rs1 << 15) | (3 << 12) | (rd << 7) | 0x03) >>> 0;
/** pc in the ucontext that a2 points at. */
const UC_PC = 176;
/** A handler: the program goes on 36 bytes behind where it went on after its last fault, and ends behind its code. */
const goOn: readonly number[] = [
  ...loadAddress(5, COUNTER),
  ld(6, 0, 5),
  addi(6, 6, 36),
  sd(6, 0, 5),
  // srli t2, t1, 13; beq t2, zero, +16
  0x00d3_5393,
  0x0003_8863,
  addi(A0, 0, 0),
  ...call(SYS_exit_group),
  ...loadAddress(7, START),
  // add t1, t1, t2
  0x0073_0333,
  sd(6, UC_PC, A2),
  // ret
  0x0000_8067,
];

/** Major opcodes of RV64GC that are four bytes long. */
const OPCODES = [0x03, 0x07, 0x0f, 0x13, 0x17, 0x1b, 0x23, 0x27, 0x2f, 0x33, 0x37, 0x3b, 0x43, 0x47, 0x4b, 0x4f, 0x53];
const JUMPS = [0x63, 0x67, 0x6f, 0x73];

const randomWord = (random: Random): number => {
  const word = random.word();
  const withOpcode = (opcodes: readonly number[]): number => ((word & ~0x7f) | random.pick(opcodes)) >>> 0;
  switch (random.below(8)) {
    case 0:
      return word;
    case 1:
      // Two compressed instructions.
      return ((word & ~0x1_0001) | (random.below(3) << 16) | random.below(3)) >>> 0;
    case 2:
      return withOpcode(JUMPS);
    case 3: {
      // A system call that does not end the program at once.
      const nr = random.below(471);
      return random.below(4) > 0 || nr === SYS_exit || nr === SYS_exit_group ? addi(A7, 0, nr) : ECALL;
    }
    case 4:
      // Whatever a register points at, near.
      return ((word & 0x000f_ff80) | random.pick([0x03, 0x07, 0x23, 0x27, 0x2f])) >>> 0;
    default:
      return withOpcode(OPCODES);
  }
};

/**
 * No handlers, one that goes on, or one that is random code too; addresses of the program in some registers; then random
 * words. All of it may be written.
 */
const randomProgram = (random: Random): Uint8Array => {
  const mode = random.pick(["none", "go on", "random"] as const);
  const code = mode === "none" ? [] : installHandlers();
  for (let register = 5; register < 32; register += 1 + random.below(3)) {
    code.push(...loadAddress(register, START + random.below(4 * WORDS)));
  }
  const begin = code.length;
  const end = WORDS - 16 - goOn.length;
  while (code.length < end) code.push(randomWord(random));
  const handler = START + 4 * (mode === "go on" ? end : begin + random.below(end - begin));
  const flags = (random.below(2) === 0 ? SA_NODEFER : 0) | SA_ONSTACK;
  code.push(...goOn, handler, 0, flags, 0, 0, 0, STACK, 0, 0, 0, STACK_SIZE, 0, 4 * begin, 0, 0, 0);
  return tinyElf(code, { flags: 7, memsz: STACK + STACK_SIZE - 0x1_0000 });
};

let machine: ProgramMachine;
beforeAll(async () => {
  machine = await createMachine({ ram: 32 * MIB });
});

const runSeed = async (seed: number): Promise<string> => {
  const name = `SCANOUT_SEED=${seed}`;
  const before = machine.pagesInUse();
  const { computer } = machine;
  const { exited } = computer.spawnFile("/bin/random", randomProgram(new Random(seed)), { argv: [name], cwd: "/tmp" });
  const ended = computer.kernel.spawn(
    waker(computer.kernel, () => -1, 1),
    { argv: ["waker"] },
  ).exited;
  const status = await exited;
  await ended;
  expect(bugsIn(machine.log()), name).toEqual([]);
  expect(machine.pagesInUse(), `pages: ${name}`).toBe(before);
  return "signal" in status ? `signal ${status.signal}` : "exit";
};

test("random machine code", async () => {
  const only = process.env.SCANOUT_SEED;
  if (only !== undefined) {
    await runSeed(Number(only));
    return;
  }
  const count = 12 * Number(process.env.SCANOUT_FUZZ ?? 8);
  const ends = new Map<string, number>();
  const instructions = machine.computer.kernel.hart.instret;
  for (let i = 0; i < count; i++) {
    const end = await runSeed(FIRST_SEED + i);
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  // They do run: some to their end, some to a fault.
  expect([...ends.keys()]).toEqual(expect.arrayContaining(["exit", `signal ${SIGILL}`, `signal ${SIGSEGV}`]));
  expect(machine.computer.kernel.hart.instret - instructions).toBeGreaterThan(count * 1000);
}, 600_000);
