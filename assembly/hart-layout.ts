/**
 * Where the words of the hart record lie: byte offsets from HART (layout.ts), for the host that reads counters or takes
 * a snapshot. hart.ts draws the record, and the compiler checks there that its fields are at these offsets.
 */
export const HART_SATP = 0x000;
export const HART_BANK = 0x008;
export const HART_PRIVILEGE = 0x00c;
export const HART_SUM = 0x010;
export const HART_MXR = 0x014;
export const HART_TRAP_PENDING = 0x018;
export const HART_TRAP_CAUSE = 0x01c;
export const HART_TRAP_VALUE = 0x020;
export const HART_RAM_SIZE = 0x028;
export const HART_VRAM_SIZE = 0x02c;

/** Counters, u64 each and little-endian, since reset(): HART + HART_COUNTERS + 8 × COUNTER_…. */
export const HART_COUNTERS = 0x100;
/** Accesses that the TLB did not answer; COUNTER_TLB_MISSES + ACCESS_…. Every register access is one of them. */
export const COUNTER_TLB_MISSES = 0;
/** Page-table walks (Sv39 translations, so none in Bare mode). */
export const COUNTER_PAGE_WALKS = 3;
/** Loads and stores that went to a register device. */
export const COUNTER_REGISTER_ACCESSES = 4;
/** Bytes moved by copyToUser, copyFromUser, copyUserToUser and fillUser. */
export const COUNTER_BYTES_COPIED = 5;
/** TLB banks emptied because a new translation context needed one. */
export const COUNTER_BANKS_TAKEN = 6;
export const COUNTERS = 7;

/** One record a TLB bank: the context it holds. TLB_CONTEXTS of them. */
export const HART_BANKS = 0x200;
export const HART_BANK_RECORD_SIZE = 32;

/** fcsr.fflags, u32: the accrued exceptions (float-flags.ts). The only word of the hart that float.ts touches. */
export const HART_FFLAGS = 0x400;
