import { CodeMap } from "./code-map.ts";
import { Damage } from "./damage.ts";
import { Hart, TlbContext } from "./hart.ts";
import { COUNTER_BANKS_TAKEN, COUNTER_LOADS, COUNTER_STORES } from "./hart-layout.ts";
import {
  DAMAGE_LIST,
  DAMAGE_LIST_SIZE,
  TLB,
  TLB_BANK_SIZE,
  TLB_CONTEXTS,
  TLB_ENTRIES,
  TLB_ENTRY_SIZE,
  TLB_TABLE_SIZE,
} from "./layout.ts";
import { Physical } from "./physical.ts";
import {
  ACCESS_FETCH,
  ACCESS_LOAD,
  ACCESS_STORE,
  PAGE_SHIFT,
  PAGE_SIZE,
  PRV_M,
  PRV_S,
  SATP_MODE_SV39,
} from "./riscv.ts";

/** From an entry of the load table to the same entry of each table: constants that fold into the load. */
const TLB_LOAD: usize = ACCESS_LOAD * TLB_TABLE_SIZE;
const TLB_STORE: usize = ACCESS_STORE * TLB_TABLE_SIZE;
const TLB_FETCH: usize = ACCESS_FETCH * TLB_TABLE_SIZE;
/** Offset of an entry's addend. */
const TLB_ADDEND: usize = 8;
/** Of a store entry's watched page: see Tlb.watch. */
const TLB_WATCHED: usize = 12;
/** sfence.vma: only the given address, only the given address-space identifier. */
export const FENCE_ADDRESS: u32 = 1;
export const FENCE_ASID: u32 = 2;
/** TlbContext.status: bits 0 and 1 are the privilege. */
const STATUS_SUM: u32 = 0x04;
const STATUS_MXR: u32 = 0x08;
const STATUS_USED: u32 = 0x10;
/** Words that fit into DAMAGE_LIST. */
const LIST_CAPACITY: u32 = DAMAGE_LIST_SIZE / 4;
const PAGE: u64 = PAGE_SIZE;
/** What an empty entry holds at index 0, where a zero would be the tag of page 0: a page whose index is 1. */
const NO_PAGE_AT_0: u64 = PAGE_SIZE;

// An entry is found by 12 - log2(16) = 8 bits of shift, so tables and entries must be powers of two, and aligned.
if (TLB_ENTRY_SIZE !== 16 || (TLB_ENTRIES & (TLB_ENTRIES - 1)) !== 0) ERROR("TLB entries");
if ((TLB & (TLB_TABLE_SIZE - 1)) !== 0) ERROR("the TLB is not aligned to its tables");

// The software TLB. A bank belongs to one translation context and has three tables, indexed by the low bits of the
// virtual page number; presence of an entry is permission for that kind of access.
//
//   TLB + bank × TLB_BANK_SIZE    load    TLB_ENTRIES × ┌──────────────────────┬───────────┬───────────┐
//       + TLB_TABLE_SIZE          store                 │ tag                  │ addend    │ watched   │
//       + 2 × TLB_TABLE_SIZE      fetch                 └──────────────────────┴───────────┴───────────┘
//                                                        u64: page address      u32         u32
//
// An access of `size` bytes hits when `(tag ^ va) <= PAGE_SIZE - size`: the upper 52 bits are the same, and the offset
// leaves room for `size` bytes in the page. Its bytes are then at wrap(va) + addend. All else is slow, and is the same
// thing here, an entry that does not match: not mapped, no permission, a register page, a page-crossing access, video
// memory that nobody has written since the last look.
export abstract class Tlb {
  /** The entry for `va` in a bank's load table; the other tables' follow at multiples of TLB_TABLE_SIZE. */
  @inline static entry(bank: usize, va: u64): usize {
    return bank + ((<usize>va >>> 8) & ((TLB_ENTRIES - 1) << 4));
  }

  /** Whether a load of a T at `va` hits, and then its host address. */
  @inline static loadHits<T>(entry: usize, va: u64): bool {
    if (isDefined(COUNTING)) return Tlb.counted(COUNTER_LOADS, (load<u64>(entry, TLB_LOAD) ^ va) <= PAGE - sizeof<T>());
    return (load<u64>(entry, TLB_LOAD) ^ va) <= PAGE - sizeof<T>();
  }

  @inline static loadHost(entry: usize, va: u64): usize {
    return <usize>va + load<u32>(entry, TLB_LOAD + TLB_ADDEND);
  }

  /** The same for a store. */
  @inline static storeHits<T>(entry: usize, va: u64): bool {
    if (isDefined(COUNTING))
      return Tlb.counted(COUNTER_STORES, (load<u64>(entry, TLB_STORE) ^ va) <= PAGE - sizeof<T>());
    return (load<u64>(entry, TLB_STORE) ^ va) <= PAGE - sizeof<T>();
  }

  /** The counting build: one more access when it hits. */
  static counted(counter: u32, hits: bool): bool {
    Hart.count(counter, <u64>hits);
    return hits;
  }

  @inline static storeHost(entry: usize, va: u64): usize {
    return <usize>va + load<u32>(entry, TLB_STORE + TLB_ADDEND);
  }

  /** The same for a fetch, from the entry of the fetches' own bank. */
  @inline static fetchHits(entry: usize, va: u64): bool {
    return (load<u64>(entry, TLB_FETCH) ^ va) < PAGE;
  }

  @inline static fetchHost(entry: usize, va: u64): usize {
    return <usize>va + load<u32>(entry, TLB_FETCH + TLB_ADDEND);
  }

  /** The host address for `access` when the TLB knows the page, else 0. */
  @inline static lookup(va: u64, access: i32): usize {
    const entry = Tlb.entry(Hart.record.bank, va) + access * TLB_TABLE_SIZE;
    return (load<u64>(entry) ^ va) < PAGE ? <usize>va + load<u32>(entry, TLB_ADDEND) : 0;
  }

  /** Lets `access` to the page of `va` hit from now on. The page is memory, at `host`. */
  static install(va: u64, access: i32, host: usize): void {
    const hart = Hart.record;
    const entry = Tlb.entry(hart.bank, va) + access * TLB_TABLE_SIZE;
    const page = va & ~(PAGE - 1);
    // A page whose code is predecoded has no store entries: code-cache.ts must see each store.
    if (access === ACCESS_STORE && CodeMap.slot(host) !== 0) return;
    if (hart.leafLevel !== 0) Tlb.noteSuperpage(page, hart.leafLevel);
    if (access === ACCESS_STORE && Physical.isVideo(host)) {
      Damage.mark(host);
      if (hart.videoEntries < LIST_CAPACITY) store<usize>(<usize>DAMAGE_LIST + (hart.videoEntries << 2), entry);
      hart.videoEntries = min(hart.videoEntries + 1, LIST_CAPACITY + 1);
    }
    store<u64>(entry, page);
    store<u32>(entry, host - <usize>va, TLB_ADDEND);
    store<u32>(entry, 0, TLB_WATCHED);
  }

  /**
   * Makes a store entry of video memory miss, but remembers its page: the addend stays right until a fence, so that the
   * next store needs no walk.
   */
  private static watch(entry: usize): void {
    const page = load<u64>(entry);
    // An empty entry's tag belongs to another index.
    if (((<usize>page >>> 8) & ((TLB_ENTRIES - 1) << 4)) !== (entry & (TLB_TABLE_SIZE - 1))) return;
    const isVideo = Physical.isVideo(<usize>page + load<u32>(entry, TLB_ADDEND));
    Tlb.empty(entry);
    if (isVideo) store<u32>(entry, <u32>(page >> PAGE_SHIFT), TLB_WATCHED);
  }

  /** Lets stores to a watched page hit again: the host address of `va`, or 0, its page is not watched. */
  static revive(va: u64): usize {
    const hart = Hart.record;
    const entry = Tlb.entry(hart.bank, va) + TLB_STORE;
    const watched = load<u32>(entry, TLB_WATCHED);
    // The upper bits of the page are not remembered: those of a valid address say nothing more.
    if (watched === 0 || watched !== <u32>(va >> PAGE_SHIFT) || <u64>(<i64>(va << 25) >> 25) !== va) return 0;
    const host = <usize>va + load<u32>(entry, TLB_ADDEND);
    if (CodeMap.slot(host) !== 0) return 0;
    hart.leafLevel = 0;
    Tlb.install(va, ACCESS_STORE, host);
    return host;
  }

  /** Widens the bank's superpage range: fence() must find all entries of a superpage by any address in it. */
  private static noteSuperpage(page: u64, level: i32): void {
    const context = TlbContext.at(<i32>(Hart.record.bank - TLB) / TLB_BANK_SIZE);
    const mask = (PAGE << (9 * level)) - 1;
    context.superFirst = min(context.superFirst, page & ~mask);
    context.superLast = max(context.superLast, page | mask);
  }

  /** Chooses the banks of loads and stores and of fetches, after satp, a privilege, SUM or MXR changed. */
  static enter(): void {
    const hart = Hart.record;
    hart.bank = Tlb.bankOf(hart.privilege);
    hart.fetchBank = hart.mode === hart.privilege ? hart.bank : Tlb.bankOf(hart.mode);
  }

  /** Finds, or makes, the bank for the hart's satp and status and for `privilege`. */
  private static bankOf(privilege: u32): usize {
    const hart = Hart.record;
    let satp: u64 = 0;
    let status = STATUS_USED;
    if (hart.satp >> 60 === SATP_MODE_SV39 && privilege !== PRV_M) {
      satp = hart.satp;
      status |= privilege;
      if (hart.mxr) status |= STATUS_MXR;
      // "SUM … has no effect when executing in U-mode": one bank is enough there.
      if (hart.sum && privilege === PRV_S) status |= STATUS_SUM;
    }
    let bank = 0;
    let oldest = u32.MAX_VALUE;
    for (let index = 0; index < TLB_CONTEXTS; index++) {
      const context = TlbContext.at(index);
      if (context.satp === satp && context.status === status) {
        bank = index;
        break;
      }
      // A free bank was never used, so its time is 0.
      if (context.used < oldest) {
        oldest = context.used;
        bank = index;
      }
    }
    const context = TlbContext.at(bank);
    if (context.satp !== satp || context.status !== status) {
      if (context.status !== 0) Hart.count(COUNTER_BANKS_TAKEN, 1);
      context.satp = satp;
      context.status = status;
      Tlb.emptyBank(bank);
    }
    context.used = ++hart.clock;
    return <usize>TLB + bank * TLB_BANK_SIZE;
  }

  static emptyBank(index: i32): void {
    const bank = <usize>TLB + index * TLB_BANK_SIZE;
    memory.fill(bank, 0, TLB_BANK_SIZE);
    for (let table = 0; table < TLB_BANK_SIZE; table += TLB_TABLE_SIZE) Tlb.empty(bank + table);
    const context = TlbContext.at(index);
    context.superFirst = u64.MAX_VALUE;
    context.superLast = 0;
  }

  /**
   * Makes one entry match nothing. A zero tag is the page at address 0, whose index is 0: at every other index no
   * address can meet it, so memory full of zeros is an empty table, and index 0 holds a page of another index.
   */
  private static empty(entry: usize): void {
    store<u64>(entry, (entry & (TLB_TABLE_SIZE - 1)) === 0 ? NO_PAGE_AT_0 : 0);
    store<u32>(entry, 0, TLB_WATCHED);
  }

  /** Drops every store entry that points into video memory, so that the next store to each page is seen. */
  static dropVideoEntries(): void {
    const hart = Hart.record;
    if (hart.videoEntries <= LIST_CAPACITY) {
      for (let at: u32 = 0; at < hart.videoEntries; at++) Tlb.watch(load<usize>(<usize>DAMAGE_LIST + (at << 2)));
    } else {
      for (let index = 0; index < TLB_CONTEXTS; index++) {
        const table = <usize>TLB + index * TLB_BANK_SIZE + ACCESS_STORE * TLB_TABLE_SIZE;
        for (let entry = table; entry < table + TLB_TABLE_SIZE; entry += TLB_ENTRY_SIZE) {
          const host = <usize>load<u64>(entry) + load<u32>(entry, TLB_ADDEND);
          if (Physical.isVideo(host)) Tlb.empty(entry);
        }
      }
    }
    hart.videoEntries = 0;
  }

  /** Drops every store entry that points into the page at `page`. */
  static dropStoreEntries(page: usize): void {
    for (let index = 0; index < TLB_CONTEXTS; index++) {
      if (TlbContext.at(index).status === 0) continue;
      const table = <usize>TLB + index * TLB_BANK_SIZE + ACCESS_STORE * TLB_TABLE_SIZE;
      for (let entry = table; entry < table + TLB_TABLE_SIZE; entry += TLB_ENTRY_SIZE) {
        if (<usize>load<u64>(entry) + load<u32>(entry, TLB_ADDEND) === page) Tlb.empty(entry);
      }
    }
  }

  /**
   * sfence.vma (§ "Supervisor Memory-Management Fence Instruction"), over all banks. By address it "invalidates all
   * address-translation cache entries that contain leaf page table entries corresponding to the virtual address": a
   * superpage is cached as many 4 KiB entries, so an address among a bank's superpages empties the bank. Global
   * mappings are dropped like others: fencing more than asked is legal. An address that is not a valid virtual address
   * matches no tag: no effect, as the specification wants.
   */
  static fence(va: u64, asid: u32, flags: u32): void {
    for (let index = 0; index < TLB_CONTEXTS; index++) {
      const context = TlbContext.at(index);
      if (context.status === 0) continue;
      if (flags & FENCE_ASID && (<u32>(context.satp >> 44) & 0xffff) !== (asid & 0xffff)) continue;
      if (!(flags & FENCE_ADDRESS) || (va >= context.superFirst && va <= context.superLast)) {
        Tlb.emptyBank(index);
        continue;
      }
      const entry = Tlb.entry(<usize>TLB + index * TLB_BANK_SIZE, va);
      for (let table = 0; table < TLB_BANK_SIZE; table += TLB_TABLE_SIZE) {
        if ((load<u64>(entry + table) ^ va) < PAGE) Tlb.empty(entry + table);
      }
      store<u32>(entry, 0, TLB_STORE + TLB_WATCHED);
    }
  }
}
