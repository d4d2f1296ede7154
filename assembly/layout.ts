/**
 * Linear memory of the wasm instance: where each part of the machine lies. All machine state is in here, at addresses
 * known when the machine is compiled, so a hit in the TLB folds into one load with a constant offset.
 *
 *   0x0000_0000  AssemblyScript's static data and heap (control surface only)   1 MiB
 *   HART         the hart record                                                64 KiB
 *   PALETTE      256 colours, RGBA bytes                                        64 KiB (1 KiB used)
 *   DAMAGE       one bit a video page: written since the last look              64 KiB (2 KiB used)
 *   DAMAGE_TAKEN the bits the last takeDamage() collected                       64 KiB (2 KiB used)
 *   DAMAGE_LIST  store-TLB entries that point into video memory                 64 KiB
 *   TLB          TLB_CONTEXTS banks of load, store and fetch tables             384 KiB
 *   CODE_SLOTS   one record a slot of the code pool: whose page it holds          64 KiB
 *   CODE_MAP     physical page → slot of the code pool, u16 each                1.0625 MiB
 *   CODE_POOL    predecoded instructions, a slot a page                         32.125 MiB
 *   STAGING      bytes on their way between the host and the guest              1 MiB
 *   PICTURE      the last scanned-out picture, RGBA                             64 MiB
 *   VIDEO_MEMORY                                                                up to 64 MiB
 *   RAM                                                                         up to 2 GiB
 */
export const HEAP_SIZE = 0x10_0000;
export const HART = HEAP_SIZE;
export const HART_SIZE = 0x1_0000;
export const PALETTE = HART + HART_SIZE;
export const PALETTE_SIZE = 0x1_0000;
export const DAMAGE = PALETTE + PALETTE_SIZE;
export const DAMAGE_SIZE = 0x1_0000;
export const DAMAGE_TAKEN = DAMAGE + DAMAGE_SIZE;
export const DAMAGE_TAKEN_SIZE = 0x1_0000;
export const DAMAGE_LIST = DAMAGE_TAKEN + DAMAGE_TAKEN_SIZE;
export const DAMAGE_LIST_SIZE = 0x1_0000;
export const TLB = DAMAGE_LIST + DAMAGE_LIST_SIZE;
/** Entries in one table; one entry is 16 bytes: tag (u64), addend (u32), watched (u32). */
export const TLB_ENTRIES = 1024;
export const TLB_ENTRY_SIZE = 16;
export const TLB_TABLE_SIZE = TLB_ENTRIES * TLB_ENTRY_SIZE;
/** One bank: the load, store and fetch tables of one translation context. */
export const TLB_BANK_SIZE = 3 * TLB_TABLE_SIZE;
export const TLB_CONTEXTS = 8;
export const TLB_SIZE = TLB_CONTEXTS * TLB_BANK_SIZE;
export const CODE_SLOTS = TLB + TLB_SIZE;
export const CODE_SLOTS_SIZE = 0x1_0000;
export const CODE_MAP = CODE_SLOTS + CODE_SLOTS_SIZE;
/** A word for each page of video memory and of RAM, in the order of their host addresses. */
export const CODE_MAP_SIZE = 0x11_0000;
export const CODE_POOL = CODE_MAP + CODE_MAP_SIZE;
/** Slots 1 to CODE_PAGES hold a page each; slot 0 is for an instruction that lies on two pages. */
export const CODE_PAGES = 1024;
/** One record (ops.ts) for each half-word of a page, and two that stand behind its end. */
export const CODE_SLOT_SIZE = (2048 + 4) * 16;
export const CODE_POOL_SIZE = 0x0202_0000;
export const STAGING = CODE_POOL + CODE_POOL_SIZE;
export const STAGING_SIZE = 0x10_0000;
export const PICTURE = STAGING + STAGING_SIZE;
/** 4096 × 4096 pixels of 4 bytes. */
export const PICTURE_SIZE = 0x0400_0000;
export const VIDEO_MEMORY = PICTURE + PICTURE_SIZE;
export const VIDEO_MEMORY_SIZE = 0x0400_0000;
export const RAM = VIDEO_MEMORY + VIDEO_MEMORY_SIZE;
