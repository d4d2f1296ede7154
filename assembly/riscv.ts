/**
 * Numbers of the RISC-V privileged architecture (ratified 20240411), shared by the machine (AssemblyScript) and its
 * host (TypeScript).
 */
export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 0x1000;

/** Sv39 page-table entry (§ "Sv39: Page-Based 39-bit Virtual-Memory System"). */
export const PTE_V = 0x01;
export const PTE_R = 0x02;
export const PTE_W = 0x04;
export const PTE_X = 0x08;
export const PTE_U = 0x10;
export const PTE_G = 0x20;
export const PTE_A = 0x40;
export const PTE_D = 0x80;
/** Two bits for the supervisor's own use: hardware ignores them. */
export const PTE_RSW = 0x300;
export const PTE_PPN_SHIFT = 10;

export const SATP_MODE_BARE = 0;
export const SATP_MODE_SV39 = 8;
/** In the upper half of satp: MODE is bits 31..28 there, ASID 27..12. */
export const SATP_HI_MODE_SHIFT = 28;
export const SATP_HI_ASID_SHIFT = 12;

export const PRV_U = 0;
export const PRV_S = 1;
export const PRV_M = 3;

/** mcause and scause: exceptions. */
export const CAUSE_MISALIGNED_FETCH = 0;
export const CAUSE_FETCH_ACCESS = 1;
export const CAUSE_ILLEGAL_INSTRUCTION = 2;
export const CAUSE_BREAKPOINT = 3;
export const CAUSE_MISALIGNED_LOAD = 4;
export const CAUSE_LOAD_ACCESS = 5;
export const CAUSE_MISALIGNED_STORE = 6;
export const CAUSE_STORE_ACCESS = 7;
export const CAUSE_USER_ECALL = 8;
export const CAUSE_SUPERVISOR_ECALL = 9;
export const CAUSE_MACHINE_ECALL = 11;
export const CAUSE_FETCH_PAGE_FAULT = 12;
export const CAUSE_LOAD_PAGE_FAULT = 13;
export const CAUSE_STORE_PAGE_FAULT = 15;

/** Kinds of access, in the order of a TLB bank's tables. */
export const ACCESS_LOAD = 0;
export const ACCESS_STORE = 1;
export const ACCESS_FETCH = 2;
