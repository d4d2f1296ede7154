import { Clock } from "./clock.ts";
import { DONE_JUMP, DONE_NEXT, DONE_TRAP, DONE_WAIT, Execute } from "./execute.ts";
import { Fetch } from "./fetch.ts";
import { Hart } from "./hart.ts";
import { EXIT_BUDGET, EXIT_SLOW, Interpreter } from "./interpreter.ts";
import { Interrupts } from "./interrupts.ts";
import { CAUSE_USER_ECALL, PAGE_SIZE } from "./riscv.ts";
import { RUN_BUDGET, RUN_ECALL, RUN_TRAP, RUN_WAIT } from "./run-reasons.ts";
import { TrapEntry } from "./trap-entry.ts";

/** Nothing has ended the run yet. */
const GO_ON: u32 = u32.MAX_VALUE;

/** A straight line is never longer: the budget is looked at where a page ends. */
const LINE_MAX: u32 = PAGE_SIZE / 2 + 2;

/** Runs the hart. */
export abstract class Run {
  /** Until `budget` instructions are retired, or a few more (the rest of a straight line), or a RUN_…. */
  static slice(budget: u32): u32 {
    const hart = Hart.record;
    let left: u64 = budget;
    let reason: u32;
    do {
      if (hart.hostKernel === 0) Run.interrupts();
      // No further than to the next timer's interrupt.
      const alarm = hart.hostKernel === 0 ? Interrupts.alarm() : u64.MAX_VALUE;
      const limit = alarm === u64.MAX_VALUE ? left : min(left, Clock.instructionsTo(alarm));
      hart.left = <i32>limit;
      hart.deadline = hart.instret + limit;
      reason = Run.line(false);
      hart.instret = hart.deadline - hart.left;
      const spent = limit - <i64>hart.left;
      left = spent < left ? left - spent : 0;
    } while (reason === GO_ON && left !== 0);
    return reason === GO_ON ? RUN_BUDGET : reason;
  }

  /** Exactly `budget` instructions, unless a RUN_… comes first. A trap that the hart handles itself counts as one. */
  static exactly(budget: u32): u32 {
    let left: u32 = budget;
    if (left > LINE_MAX) {
      const hart = Hart.record;
      const before = hart.instret;
      const reason = Run.slice(left - LINE_MAX);
      if (reason !== RUN_BUDGET) return reason;
      const spent = <u32>(hart.instret - before);
      left = spent < left ? left - spent : 0;
    }
    for (; left !== 0; left--) {
      const reason = Run.one();
      if (reason !== GO_ON) return reason;
    }
    return RUN_BUDGET;
  }

  /** One instruction, from a record of its own that nothing follows. */
  private static one(): u32 {
    const hart = Hart.record;
    if (hart.hostKernel === 0) Run.interrupts();
    hart.left = 1;
    hart.deadline = hart.instret + 1;
    const reason = Run.line(true);
    hart.instret = hart.deadline - hart.left;
    return reason;
  }

  private static interrupts(): void {
    const cause = Interrupts.next();
    if (cause >= 0) TrapEntry.interrupt(cause);
  }

  /** Until hart.left is used up, an interrupt may have become possible, or the host is asked. hart.pc is exact then. */
  private static line(single: bool): u32 {
    const hart = Hart.record;
    let done = DONE_JUMP;
    while (true) {
      if (done === DONE_TRAP) {
        if (!TrapEntry.exception()) return hart.trapCause === CAUSE_USER_ECALL ? RUN_ECALL : RUN_TRAP;
        // A trap costs the budget one instruction, though none retires: a handler that faults must not run forever.
        hart.left--;
        hart.deadline--;
        return GO_ON;
      }
      if (done === DONE_WAIT) return RUN_WAIT;
      if (done !== DONE_NEXT) {
        if (done !== DONE_JUMP || hart.left <= 0) return GO_ON;
        if (!(single ? Fetch.single() : Fetch.enter())) {
          done = DONE_TRAP;
          continue;
        }
      }
      const exit = Interpreter.run();
      if (exit === EXIT_BUDGET) return GO_ON;
      done = exit === EXIT_SLOW ? Execute.record() : DONE_JUMP;
    }
  }
}
