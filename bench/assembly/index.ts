/**
 * Loops for bench/machine.ts, compiled together with the machine. Each pair does the same work once past the MMU and
 * once through it. Times are the host's business.
 */
import { Hart } from "../../assembly/hart.ts";
import { Mmu } from "../../assembly/mmu.ts";
import { Tlb } from "../../assembly/tlb.ts";

/** `count` u32 stores to consecutive host addresses. */
export function storeRaw(host: usize, count: u32, value: u32): void {
  const end = host + (count << 2);
  for (let at = host; at < end; at += 4) store<u32>(at, value);
}

/**
 * `count` u32 stores to consecutive virtual addresses, each checked by the TLB. A miss leaves the inner loop, which
 * has no call in it; false after a trap.
 */
export function storeChecked(va: f64, count: u32, value: u32): bool {
  let at = <u64>(<i64>va);
  const end = at + ((<u64>count) << 2);
  const bank = Hart.record.bank;
  while (at < end) {
    while (at < end) {
      const entry = Tlb.entry(bank, at);
      if (!Tlb.storeHits<u32>(entry, at)) break;
      store<u32>(Tlb.storeHost(entry, at), value);
      at += 4;
    }
    if (at < end && !Mmu.storeSlow(at, 4, value)) return false;
    at += 4;
  }
  return true;
}

/** The same through Mmu.store, whose miss is a call in the loop. */
export function storeByMmu(va: f64, count: u32, value: u32): bool {
  let at = <u64>(<i64>va);
  const end = at + ((<u64>count) << 2);
  for (; at < end; at += 4) {
    if (!Mmu.store<u32>(at, value)) return false;
  }
  return true;
}

/** Sums `count` u32, as storeRaw and storeByMmu store them. */
export function loadRaw(host: usize, count: u32): u32 {
  let sum: u32 = 0;
  const end = host + (count << 2);
  for (let at = host; at < end; at += 4) sum += load<u32>(at);
  return sum;
}

export function loadByMmu(va: f64, count: u32): u32 {
  let sum: u32 = 0;
  let at = <u64>(<i64>va);
  const end = at + ((<u64>count) << 2);
  for (; at < end; at += 4) sum += Mmu.load<u32>(at);
  return sum;
}

export function fillRaw(host: usize, byte: u32, length: u32): void {
  memory.fill(host, <u8>byte, length);
}

export function copyRaw(to: usize, from: usize, length: u32): void {
  memory.copy(to, from, length);
}
