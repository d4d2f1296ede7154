import { CodeCache } from "./code-cache.ts";
import { CodeMap } from "./code-map.ts";
import { Damage } from "./damage.ts";
import { Hart } from "./hart.ts";
import { COUNTER_PAGE_WALKS } from "./hart-layout.ts";
import { Physical } from "./physical.ts";
import {
  ACCESS_FETCH,
  ACCESS_STORE,
  PAGE_SHIFT,
  PAGE_SIZE,
  PRV_U,
  PTE_A,
  PTE_D,
  PTE_PPN_SHIFT,
  PTE_R,
  PTE_U,
  PTE_V,
  PTE_W,
  PTE_X,
} from "./riscv.ts";
import { Trap } from "./trap.ts";

/** What translate() answers after a trap. */
export const NO_ADDRESS: u64 = u64.MAX_VALUE;

/** Physical addresses have 56 bits: a 44-bit page number and the offset. */
const PHYSICAL_MAX: u64 = (1 << 56) - 1;
const LEVELS: i32 = 3;
const PTESIZE: u64 = 8;
const PPN_MASK: u64 = (1 << 44) - 1;
const VPN_MASK: u64 = 0x1ff;
/** N (Svnapot) and PBMT (Svpbmt) are not implemented, 60..54 are reserved for future use. */
const PTE_RESERVED: u64 = 0x3ff << 54;

/**
 * "Virtual Address Translation Process" of the privileged architecture, with its step numbers (ratified 20240411,
 * § "Sv32: …", which § "Sv39: …" follows).
 */
export abstract class PageWalk {
  /**
   * The physical address of `va` for `access`, or NO_ADDRESS after a trap. The A and D bits are not written yet: the
   * update "must be exact (i.e., not speculative)", so commit() does it once the access is known to happen.
   */
  static translate(va: u64, access: i32): u64 {
    const hart = Hart.record;
    hart.leafHost = 0;
    hart.leafLevel = 0;
    if (!hart.translates) {
      if (va <= PHYSICAL_MAX) return va;
      Trap.accessFault(va, access);
      return NO_ADDRESS;
    }
    Hart.count(COUNTER_PAGE_WALKS, 1);

    // "… must have bits 63–39 all equal to bit 38, or else a page-fault exception will occur."
    if (<u64>(<i64>(va << 25) >> 25) !== va) {
      Trap.pageFault(va, access);
      return NO_ADDRESS;
    }
    // 1. Let a be satp.ppn × PAGESIZE, and let i = LEVELS - 1.
    let a = (hart.satp & PPN_MASK) << PAGE_SHIFT;
    for (let i = LEVELS - 1; i >= 0; i--) {
      const vpnShift = PAGE_SHIFT + 9 * i;
      // 2. Let pte be the value of the PTE at address a + va.vpn[i] × PTESIZE.
      const pteHost = Physical.host(a + ((va >> vpnShift) & VPN_MASK) * PTESIZE);
      if (pteHost === 0) {
        Trap.accessFault(va, access);
        return NO_ADDRESS;
      }
      const pte = load<u64>(pteHost);
      // 3. pte.v = 0, or pte.r = 0 and pte.w = 1, or a reserved bit is set: page fault.
      if (!(pte & PTE_V) || (pte & (PTE_R | PTE_W)) === PTE_W || pte & PTE_RESERVED) break;
      // 4. With r or x it is a leaf. Otherwise a pointer to the next level, in which D, A and U are reserved.
      if (pte & (PTE_R | PTE_X)) return PageWalk.leaf(va, access, pte, i, pteHost);
      if (pte & (PTE_D | PTE_A | PTE_U)) break;
      a = ((pte >> PTE_PPN_SHIFT) & PPN_MASK) << PAGE_SHIFT;
    }
    Trap.pageFault(va, access);
    return NO_ADDRESS;
  }

  private static leaf(va: u64, access: i32, pte: u64, i: i32, pteHost: usize): u64 {
    const hart = Hart.record;
    const pageMask = ((<u64>PAGE_SIZE) << (9 * i)) - 1;
    const base = ((pte >> PTE_PPN_SHIFT) & PPN_MASK) << PAGE_SHIFT;
    // 5. Is the access allowed by r, w, x and u, given privilege, SUM and MXR?
    // 6. If i > 0 and pte.ppn[i-1:0] ≠ 0, this is a misaligned superpage.
    if (!PageWalk.permits(pte, access) || base & pageMask) {
      Trap.pageFault(va, access);
      return NO_ADDRESS;
    }
    // 7. Set pte.a and, if the access is a store, pte.d: by commit().
    hart.leaf = pte | PTE_A | (access === ACCESS_STORE ? PTE_D : 0);
    hart.leafHost = hart.leaf !== pte ? pteHost : 0;
    hart.leafLevel = i;
    // 8. pa.pgoff = va.pgoff; a superpage takes pa.ppn[i-1:0] from va.vpn[i-1:0].
    return base | (va & pageMask);
  }

  private static permits(pte: u64, access: i32): bool {
    const hart = Hart.record;
    if (hart.privilege === PRV_U) {
      if (!(pte & PTE_U)) return false;
    } else if (pte & PTE_U) {
      // "Irrespective of SUM, the supervisor may not execute code on pages with U=1."
      if (!hart.sum || access === ACCESS_FETCH) return false;
    }
    if (access === ACCESS_STORE) return (pte & PTE_W) !== 0;
    if (access === ACCESS_FETCH) return (pte & PTE_X) !== 0;
    // MXR: "loads from pages marked either readable or executable (R=1 or X=1) will succeed."
    return (pte & (hart.mxr ? PTE_R | PTE_X : PTE_R)) !== 0;
  }

  /** Step 7 of the last translation. One hart: nothing can have changed the PTE in between. */
  static commit(): void {
    const hart = Hart.record;
    const host = hart.leafHost;
    if (host === 0) return;
    store<u64>(host, hart.leaf);
    if (CodeMap.slot(host) !== 0) CodeCache.stored(host, sizeof<u64>());
    if (Physical.isVideo(host)) Damage.mark(host);
  }
}
