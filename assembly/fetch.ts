import { CodeCache } from "./code-cache.ts";
import { Hart } from "./hart.ts";
import { Mmu } from "./mmu.ts";
import { ACCESS_FETCH, PAGE_SIZE } from "./riscv.ts";

const PAGE: u64 = PAGE_SIZE;

/** Instruction fetch: the way from an address to its record that interpreter.ts does not know. */
export abstract class Fetch {
  /** The host address of the half-word at `va`; 0 after a trap. */
  static translate(va: u64): usize {
    const hart = Hart.record;
    const privilege = hart.privilege;
    const bank = hart.bank;
    // "MPRV does not affect instruction address translation."
    hart.privilege = hart.mode;
    hart.bank = hart.fetchBank;
    const host = Mmu.translate(va, ACCESS_FETCH);
    hart.privilege = privilege;
    hart.bank = bank;
    return host;
  }

  /** Takes the page of hart.pc at hand and stands on the instruction's record. False after a trap. */
  static enter(): bool {
    const hart = Hart.record;
    // What the host writes may be odd; pc never is.
    const pc = hart.pc & ~1;
    hart.pc = pc;
    const host = Fetch.translate(pc);
    if (host === 0) return false;
    hart.fetchPage = pc & ~(PAGE - 1);
    hart.fetchRecords = CodeCache.enter(host);
    hart.ip = hart.fetchRecords + ((<usize>pc & (PAGE_SIZE - 1)) << 3);
    hart.bias = pc - <u64>(hart.ip >>> 3);
    return true;
  }

  /** Stands on a record of the instruction at hart.pc whose second half is on the next page. False after a trap. */
  static straddle(): bool {
    const hart = Hart.record;
    const low = Fetch.translate(hart.pc);
    if (low === 0) return false;
    const high = Fetch.translate(hart.pc + 2);
    if (high === 0) return false;
    hart.ip = CodeCache.straddle(load<u16>(low), load<u16>(high));
    hart.bias = hart.pc - <u64>(hart.ip >>> 3);
    return true;
  }

  /** Stands on a record of the instruction at hart.pc alone: behind it the page ends. False after a trap. */
  static single(): bool {
    const hart = Hart.record;
    const pc = hart.pc & ~1;
    hart.pc = pc;
    const low = Fetch.translate(pc);
    if (low === 0) return false;
    const bits: u32 = load<u16>(low);
    if ((bits & 3) === 3 && (pc & (PAGE - 1)) === PAGE - 2) return Fetch.straddle();
    hart.ip = (bits & 3) === 3 ? CodeCache.straddle(bits, load<u16>(low, 2)) : CodeCache.alone(bits);
    hart.bias = pc - <u64>(hart.ip >>> 3);
    return true;
  }

  /** The bits of the instruction at `pc`, for the trap value of an illegal instruction. 0 when they are gone. */
  static bits(pc: u64): u32 {
    const low = Fetch.translate(pc);
    if (low === 0) return 0;
    const bits: u32 = load<u16>(low);
    if ((bits & 3) !== 3) return bits;
    const high = Fetch.translate(pc + 2);
    return high === 0 ? bits : bits | ((<u32>load<u16>(high)) << 16);
  }
}
