import * as bus from "./bus.ts";
import { CodeCache } from "./code-cache.ts";
import { CodeMap } from "./code-map.ts";
import { Hart } from "./hart.ts";
import { COUNTER_LOADS, COUNTER_REGISTER_ACCESSES, COUNTER_STORES, COUNTER_TLB_MISSES } from "./hart-layout.ts";
import { NO_ADDRESS, PageWalk } from "./page-walk.ts";
import { Physical } from "./physical.ts";
import { ACCESS_LOAD, ACCESS_STORE, PAGE_SIZE } from "./riscv.ts";
import { Tlb } from "./tlb.ts";
import { Trap } from "./trap.ts";

const PAGE: u64 = PAGE_SIZE;
/** Physical addresses from here on are no addresses on the bus: a number of the host could not hold them exactly. */
const BUS_SIZE: u64 = 1 << 53;

/**
 * Loads and stores of the guest. The hit is inlined where it is used; what misses the TLB goes through the walk once
 * and is a page fault, an access fault, a register of a device, two halves on two pages, or a hit from now on.
 */
export abstract class Mmu {
  /** T is an integer of 1 to 8 bytes, at any alignment. 0 after a trap, which Hart.trapPending tells from a zero. */
  @inline static load<T>(va: u64): T {
    const entry = Tlb.entry(Hart.record.bank, va);
    if (!Tlb.loadHits<T>(entry, va)) return <T>Mmu.loadSlow(va, sizeof<T>());
    return load<T>(Tlb.loadHost(entry, va));
  }

  /** Whether the store was done; a trap leaves nothing written, not even on the first of two pages. */
  @inline static store<T>(va: u64, value: T): bool {
    const entry = Tlb.entry(Hart.record.bank, va);
    if (!Tlb.storeHits<T>(entry, va)) return Mmu.storeSlow(va, sizeof<T>(), <u64>value);
    store<T>(Tlb.storeHost(entry, va), value);
    return true;
  }

  /** The host address of the byte at `va`, valid to the end of its page; 0 after a trap. Register pages have none. */
  static translate(va: u64, access: i32): usize {
    const known = Tlb.lookup(va, access);
    if (known !== 0) return known;
    if (access === ACCESS_STORE) {
      const watched = Mmu.revive(va);
      if (watched !== 0) return watched;
    }
    const host = Mmu.probe(va, access);
    if (host === 0) return 0;
    PageWalk.commit();
    // Whoever asks where to store may fill the page.
    if (access === ACCESS_STORE) CodeCache.release(host);
    Tlb.install(va, access, host);
    return host;
  }

  /** translate() without its effects: no A or D bit, no damage, no entry; only the trap. */
  private static probe(va: u64, access: i32): usize {
    const pa = Mmu.walk(va, access);
    if (pa === NO_ADDRESS) return 0;
    const host = Physical.host(pa);
    if (host === 0) Trap.accessFault(va, access);
    return host;
  }

  /** A store that misses because its page of video memory is watched: a miss without a walk. */
  @inline private static revive(va: u64): usize {
    const host = Tlb.revive(va);
    if (host !== 0) Hart.count(COUNTER_TLB_MISSES + ACCESS_STORE, 1);
    return host;
  }

  @inline private static walk(va: u64, access: i32): u64 {
    Hart.count(COUNTER_TLB_MISSES + access, 1);
    return PageWalk.translate(va, access);
  }

  static loadSlow(va: u64, size: u32): u64 {
    if ((va & (PAGE - 1)) + size > PAGE) return Mmu.loadCrossing(va, size);
    const pa = Mmu.walk(va, ACCESS_LOAD);
    if (pa === NO_ADDRESS) return 0;
    const host = Physical.host(pa);
    if (host === 0) return Mmu.loadRegister(va, pa, size);
    PageWalk.commit();
    Tlb.install(va, ACCESS_LOAD, host);
    if (isDefined(COUNTING)) Hart.count(COUNTER_LOADS, 1);
    if (size === 1) return load<u8>(host);
    if (size === 2) return load<u16>(host);
    if (size === 4) return load<u32>(host);
    return load<u64>(host);
  }

  static storeSlow(va: u64, size: u32, value: u64): bool {
    if ((va & (PAGE - 1)) + size > PAGE) return Mmu.storeCrossing(va, size, value);
    let host = Mmu.revive(va);
    if (host === 0) {
      const pa = Mmu.walk(va, ACCESS_STORE);
      if (pa === NO_ADDRESS) return false;
      host = Physical.host(pa);
      if (host === 0) return Mmu.storeRegister(va, pa, size, value);
      PageWalk.commit();
      if (CodeMap.slot(host) !== 0) CodeCache.stored(host, size);
      Tlb.install(va, ACCESS_STORE, host);
    }
    if (isDefined(COUNTING)) Hart.count(COUNTER_STORES, 1);
    if (size === 1) store<u8>(host, value);
    else if (size === 2) store<u16>(host, value);
    else if (size === 4) store<u32>(host, value);
    else store<u64>(host, value);
    return true;
  }

  /** The trap value of a fault on the second page is that page's first byte: "the portion … that caused the fault". */
  private static loadCrossing(va: u64, size: u32): u64 {
    const first = <u32>(PAGE - (va & (PAGE - 1)));
    const low = Mmu.translate(va, ACCESS_LOAD);
    if (low === 0) return 0;
    const high = Mmu.translate(va + first, ACCESS_LOAD);
    if (high === 0) return 0;
    if (isDefined(COUNTING)) Hart.count(COUNTER_LOADS, 1);
    let value: u64 = 0;
    for (let at: u32 = 0; at < size; at++) {
      value |= (<u64>load<u8>(at < first ? low + at : high + (at - first))) << (at << 3);
    }
    return value;
  }

  private static storeCrossing(va: u64, size: u32, value: u64): bool {
    const first = <u32>(PAGE - (va & (PAGE - 1)));
    // The first page is only asked: its D bit must stay as it is when the second page faults.
    if (Tlb.lookup(va, ACCESS_STORE) === 0 && Mmu.probe(va, ACCESS_STORE) === 0) return false;
    const high = Mmu.translate(va + first, ACCESS_STORE);
    if (high === 0) return false;
    // It was allowed a moment ago, and all that changed is an A or D bit.
    const low = Mmu.translate(va, ACCESS_STORE);
    if (isDefined(COUNTING)) Hart.count(COUNTER_STORES, 1);
    for (let at: u32 = 0; at < size; at++) {
      store<u8>(at < first ? low + at : high + (at - first), <u8>(value >> (at << 3)));
    }
    return true;
  }

  /** Registers are read and written whole: a misaligned access is an access fault, as is one that nobody answers. */
  private static loadRegister(va: u64, pa: u64, size: u32): u64 {
    if ((pa & (size - 1)) === 0 && pa < BUS_SIZE) {
      PageWalk.commit();
      Hart.count(COUNTER_REGISTER_ACCESSES, 1);
      const lo = bus.read(<f64>pa, size);
      if (lo >= 0) return size === 8 ? <u64>lo | ((<u64>bus.high()) << 32) : <u64>lo;
    }
    Trap.accessFault(va, ACCESS_LOAD);
    return 0;
  }

  private static storeRegister(va: u64, pa: u64, size: u32, value: u64): bool {
    if ((pa & (size - 1)) === 0 && pa < BUS_SIZE) {
      PageWalk.commit();
      Hart.count(COUNTER_REGISTER_ACCESSES, 1);
      if (bus.write(<f64>pa, size, <f64>(<u32>value), <f64>(value >> 32)) !== 0) return true;
    }
    Trap.accessFault(va, ACCESS_STORE);
    return false;
  }
}
