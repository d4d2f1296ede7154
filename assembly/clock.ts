import { CsrFile } from "./csr-file.ts";
import { Hart } from "./hart.ts";

/** The time CSR. Virtual time follows the retired instructions, so that runs repeat; else the host sets it. */
export abstract class Clock {
  static now(): u64 {
    const csrs = CsrFile.record;
    const per = csrs.instructionsPerTick;
    return per === 0 ? csrs.timeBase : csrs.timeBase + (Hart.record.instret - csrs.timeMark) / per;
  }

  /** From now on: time is `time` and ticks every `instructionsPerTick` instructions; never when that is 0. */
  static set(time: u64, instructionsPerTick: u64): void {
    const csrs = CsrFile.record;
    csrs.timeBase = time;
    csrs.timeMark = Hart.record.instret;
    csrs.instructionsPerTick = instructionsPerTick;
  }

  /** Instructions until time is `time`, given that it is not yet; as many as there can be when it does not tick. */
  static instructionsTo(time: u64): u64 {
    const csrs = CsrFile.record;
    const per = csrs.instructionsPerTick;
    const ticks = time - csrs.timeBase;
    if (per === 0 || ticks > ((<u64>1) << 62) / per) return u64.MAX_VALUE;
    return ticks * per - (Hart.record.instret - csrs.timeMark);
  }
}
