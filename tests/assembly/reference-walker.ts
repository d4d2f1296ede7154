/**
 * "Virtual Address Translation Process", RISC-V privileged architecture (ratified 20240411), written down naively: one
 * step after the other, on whole 64-bit numbers, with no TLB. The machine is compared with it.
 */

export type Access = "load" | "store" | "fetch";

export interface Context {
  satp: bigint;
  /** 0 user, 1 supervisor, 3 machine. */
  privilege: number;
  sum: boolean;
  mxr: boolean;
}

/** Physical memory: null where there is none. */
export interface PhysicalMemory {
  read64(pa: bigint): bigint | null;
}

export type Translation =
  | { fault: "page" | "access" }
  | {
      fault: null;
      pa: bigint;
      level: number;
      global: boolean;
      /** What step 7 writes back, when it writes. */
      update: { pa: bigint; pte: bigint } | null;
    };

const LEVELS = 3;
const PAGESIZE = 4096n;
const PTESIZE = 8n;
const bit = (word: bigint, n: number): boolean => ((word >> BigInt(n)) & 1n) === 1n;
const PAGE_FAULT: Translation = { fault: "page" };
const ACCESS_FAULT: Translation = { fault: "access" };

/** `va` as an unsigned 64-bit number. */
export const translateBySpecification = (
  va: bigint,
  access: Access,
  context: Context,
  memory: PhysicalMemory,
): Translation => {
  if (context.privilege === 3 || context.satp >> 60n === 0n) {
    return { fault: null, pa: va, level: 0, global: false, update: null };
  }
  // Sv39: bits 63–39 all equal to bit 38.
  const upper = va >> 38n;
  if (upper !== 0n && upper !== (1n << 26n) - 1n) return PAGE_FAULT;
  const vpn = [(va >> 12n) & 511n, (va >> 21n) & 511n, (va >> 30n) & 511n];
  let global = false;

  // 1.
  let a = (context.satp & ((1n << 44n) - 1n)) * PAGESIZE;
  let i = LEVELS - 1;
  for (;;) {
    // 2.
    const ptePa = a + vpn[i]! * PTESIZE;
    const pte = memory.read64(ptePa);
    if (pte === null) return ACCESS_FAULT;
    const [v, r, w, x, u, g, accessed, dirty] = Array.from({ length: 8 }, (_, n) => bit(pte, n));
    // 3.
    if (!v || (!r && w)) return PAGE_FAULT;
    if (pte >> 54n !== 0n) return PAGE_FAULT;
    if (!r && !x && (dirty || accessed || u)) return PAGE_FAULT;
    global ||= g!;
    const ppn = (pte >> 10n) & ((1n << 44n) - 1n);
    // 4.
    if (!r && !x) {
      i -= 1;
      if (i < 0) return PAGE_FAULT;
      a = ppn * PAGESIZE;
      continue;
    }
    // 5.
    if (context.privilege === 0 && !u) return PAGE_FAULT;
    if (context.privilege === 1 && u && (access === "fetch" || !context.sum)) return PAGE_FAULT;
    if (access === "load" && !(r || (x && context.mxr))) return PAGE_FAULT;
    if (access === "store" && !w) return PAGE_FAULT;
    if (access === "fetch" && !x) return PAGE_FAULT;
    // 6.
    const lowPpn = (1n << BigInt(9 * i)) - 1n;
    if (i > 0 && (ppn & lowPpn) !== 0n) return PAGE_FAULT;
    // 7.
    let updated = pte | (1n << 6n);
    if (access === "store") updated |= 1n << 7n;
    const update = updated === pte ? null : { pa: ptePa, pte: updated };
    // 8.
    const pageNumber = (ppn & ~lowPpn) | ((va >> 12n) & lowPpn);
    return { fault: null, pa: pageNumber * PAGESIZE + (va & 4095n), level: i, global, update };
  }
};
