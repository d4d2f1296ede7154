import { Clock } from "./clock.ts";
import { DONE_JUMP, DONE_NEXT, DONE_TRAP, DONE_WAIT, Execute } from "./execute.ts";
import { Fetch } from "./fetch.ts";
import { Hart } from "./hart.ts";
import { EXIT_BUDGET, EXIT_SLOW, Interpreter } from "./interpreter.ts";
import { Interrupts } from "./interrupts.ts";
import { CAUSE_USER_ECALL } from "./riscv.ts";
import { RUN_BUDGET, RUN_ECALL, RUN_TRAP, RUN_WAIT } from "./run-reasons.ts";
import { TrapEntry } from "./trap-entry.ts";

/** Nothing has ended the run yet. */
const GO_ON: u32 = u32.MAX_VALUE;

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
      reason = Run.line();
      hart.instret = hart.deadline - hart.left;
      const spent = limit - <i64>hart.left;
      left = spent < left ? left - spent : 0;
    } while (reason === GO_ON && left !== 0);
    return reason === GO_ON ? RUN_BUDGET : reason;
  }

  private static interrupts(): void {
    const cause = Interrupts.next();
    if (cause >= 0) TrapEntry.interrupt(cause);
  }

  /** Until hart.left is used up, an interrupt may have become possible, or the host is asked. hart.pc is exact then. */
  private static line(): u32 {
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
        if (!Fetch.enter()) {
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
