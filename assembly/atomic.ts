import { Hart } from "./hart.ts";
import { Mmu } from "./mmu.ts";
import {
  OP_AMOADD_W,
  OP_AMOAND_W,
  OP_AMOMAX_W,
  OP_AMOMAXU_W,
  OP_AMOMIN_W,
  OP_AMOMINU_W,
  OP_AMOOR_W,
  OP_AMOSWAP_W,
  OP_AMOXOR_W,
  OP_LR_D,
  OP_LR_W,
  OP_SC_W,
} from "./ops.ts";
import { Record } from "./record.ts";
import { ACCESS_LOAD, ACCESS_STORE, CAUSE_MISALIGNED_LOAD, CAUSE_MISALIGNED_STORE } from "./riscv.ts";
import { Trap } from "./trap.ts";

/** Hart.reservation: there is none. */
export const NO_RESERVATION: u64 = u64.MAX_VALUE;

/**
 * The A extension. One hart, so every read-modify-write is atomic; `aq` and `rl` order nothing that is not in order
 * already. Registers of devices take no atomic operations: access fault.
 */
export abstract class Atomic {
  /** What the read-modify-write operations store; `a` is memory's value, both sign-extended. */
  @inline static compute(op: i32, a: u64, b: u64): u64 {
    switch (op) {
      case OP_AMOADD_W:
        return a + b;
      case OP_AMOXOR_W:
        return a ^ b;
      case OP_AMOAND_W:
        return a & b;
      case OP_AMOOR_W:
        return a | b;
      case OP_AMOMIN_W:
        return <i64>a < <i64>b ? a : b;
      case OP_AMOMAX_W:
        return <i64>a > <i64>b ? a : b;
      case OP_AMOMINU_W:
        return min(a, b);
      case OP_AMOMAXU_W:
        return max(a, b);
      default:
        return b;
    }
  }

  /** Executes an operation from OP_LR_W on. False after a trap. */
  static execute(ip: usize, op: i32): bool {
    return op < OP_LR_D ? Atomic.sized<i32>(ip, op) : Atomic.sized<i64>(ip, op - (OP_LR_D - OP_LR_W));
  }

  @inline private static sized<T>(ip: usize, op: i32): bool {
    const va = Record.rs1(ip);
    const isLoad = op === OP_LR_W;
    if (va & (sizeof<T>() - 1)) {
      Trap.raise(isLoad ? CAUSE_MISALIGNED_LOAD : CAUSE_MISALIGNED_STORE, va);
      return false;
    }
    const host = Mmu.translate(va, isLoad ? ACCESS_LOAD : ACCESS_STORE);
    if (host === 0) return false;
    const hart = Hart.record;
    const old = <u64>load<T>(host);
    if (isLoad) {
      hart.reservation = host;
      hart.reservationValue = old;
      Record.setRd(ip, old);
      return true;
    }
    if (op === OP_SC_W) {
      // Another agent's store shows in the value; a trap has ended the reservation already.
      const succeeds = hart.reservation === <u64>host && hart.reservationValue === old;
      if (succeeds) store<T>(host, <T>Record.rs2(ip));
      hart.reservation = NO_RESERVATION;
      Record.setRd(ip, succeeds ? 0 : 1);
      return true;
    }
    store<T>(host, <T>Atomic.compute(op, old, <u64>(<T>Record.rs2(ip))));
    Record.setRd(ip, old);
    return true;
  }
}

if (OP_AMOSWAP_W !== OP_LR_W + 2) ERROR("the atomic operations are not in the order LR, SC, AMO");
