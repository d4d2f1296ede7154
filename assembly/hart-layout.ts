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
/** u32: the privilege mode the hart runs in: PRV_…. HART_PRIVILEGE differs from it while mstatus.MPRV is set. */
export const HART_MODE = 0x048;
/** u64: the address of the next instruction, exact whenever run() is not running. */
export const HART_PC = 0x050;
/** u64: instructions retired since reset(), exact whenever run() is not running. */
export const HART_INSTRET = 0x058;
/** u64: what LR has reserved; all ones: nothing, which is what a kernel that switches programs writes. */
export const HART_RESERVATION = 0x060;
/** u32: fcsr.frm; mstatus.FS (0 off, 3 dirty); fcsr.fflags, the accrued exceptions (float-flags.ts). */
export const HART_FRM = 0x070;
export const HART_FS = 0x074;
export const HART_FFLAGS = 0x078;
/** u32: 1 when traps from user mode end run(), for a kernel that lives in the host. */
export const HART_HOST_KERNEL = 0x07c;

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
/** Loads and stores of memory that were done, through the MMU. Counted by the build for that only (asconfig: counting). */
export const COUNTER_LOADS = 7;
export const COUNTER_STORES = 8;
export const COUNTERS = 9;

/** One record a TLB bank: the context it holds. TLB_CONTEXTS of them. */
export const HART_BANKS = 0x200;
export const HART_BANK_RECORD_SIZE = 32;

/**
 * The register file: 8 bytes a slot. Slots 0–31 are x0–x31 (nothing ever writes slot 0), slot 32 takes what is written
 * to x0, slots 64–95 are f0–f31. Predecoded records name a register by its byte offset from HART_REGISTERS.
 */
export const HART_REGISTERS = 0x400;
export const SLOT_SINK = 32;
export const SLOT_F = 64;
export const HART_X = HART_REGISTERS;
export const HART_F = HART_REGISTERS + SLOT_F * 8;
/** Control and status registers that are more than numbers of the list above: csr-file.ts draws them. */
export const HART_CSRS = 0x800;
