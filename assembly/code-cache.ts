import { CODE_SLOT_RECORD, CodeMap } from "./code-map.ts";
import { Compressed } from "./compressed.ts";
import { Decode } from "./decode.ts";
import { Hart } from "./hart.ts";
import { CODE_MAP, CODE_PAGES, CODE_POOL, CODE_SLOT_SIZE, CODE_SLOTS, CODE_SLOTS_SIZE } from "./layout.ts";
import {
  OP_BEQ,
  OP_BGEU,
  OP_BLT,
  OP_BNE,
  OP_JAL,
  OP_JALR,
  OP_PAGE_END,
  OP_SHORT,
  OP_STRADDLE,
  OP_UNDECODED,
  RECORD_IMM,
  RECORD_JUMP,
  RECORD_SIZE,
} from "./ops.ts";
import { PAGE_SIZE } from "./riscv.ts";
import { Tlb } from "./tlb.ts";

/** Half-words in a page. */
const HALVES = PAGE_SIZE / 2;
/** From a distance in code to one in records. */
const SCALE = RECORD_SIZE / 2;
/** So many single stores into a code page, and it is taken for data. */
const STORES_MAX: u32 = 32;

// A slot's own record in CODE_SLOTS, 8 bytes:  host of the page it holds (u32) · stores into it since it was taken (u32)

/**
 * The predecoded pages. Code is decoded where it is executed first; a page that has a slot has no store entry in the
 * TLB, so each store into it is seen here and takes its records away. So fence.i has little to do.
 */
export abstract class CodeCache {
  /** After power-on: no page has code. `hosts`: the end of physical memory. */
  static reset(hosts: usize): void {
    memory.fill(CODE_SLOTS, 0, CODE_SLOTS_SIZE);
    memory.fill(CODE_MAP, 0, CodeMap.word(hosts) - CODE_MAP);
    CodeCache.clear(0);
  }

  /** Empties a slot: nothing decoded, and the two records behind the page's end in their place. */
  private static clear(slot: u32): void {
    const records = CodeMap.records(slot);
    memory.fill(records, <u8>OP_UNDECODED, CODE_SLOT_SIZE);
    store<u16>(records, OP_PAGE_END, HALVES * RECORD_SIZE);
    store<u16>(records, OP_PAGE_END, (HALVES + 1) * RECORD_SIZE);
  }

  /** The records of the page of a host address. A page that has none takes the place of the oldest. */
  static enter(host: usize): usize {
    const word = CodeMap.word(host);
    let slot: u32 = load<u16>(word);
    if (slot !== 0) return CodeMap.records(slot);
    const hart = Hart.record;
    slot = hart.nextSlot = (hart.nextSlot % CODE_PAGES) + 1;
    const own = <usize>CODE_SLOTS + slot * CODE_SLOT_RECORD;
    const before = load<u32>(own);
    if (before !== 0 && CodeMap.slot(before) === slot) store<u16>(CodeMap.word(before), 0);
    CodeCache.clear(slot);
    const page = host & ~(PAGE_SIZE - 1);
    store<u32>(own, page);
    store<u32>(own, 0, 4);
    store<u16>(word, slot);
    Tlb.dropStoreEntries(page);
    return CodeMap.records(slot);
  }

  /** Decodes at `ip`, and on to the end of the straight line or to what is decoded already. */
  static decode(ip: usize): void {
    const slot = <u32>(ip - CODE_POOL) / CODE_SLOT_SIZE;
    const records = CodeMap.records(slot);
    const page = <usize>load<u32>(<usize>CODE_SLOTS + slot * CODE_SLOT_RECORD);
    const end = records + HALVES * RECORD_SIZE;
    while (ip < end && load<u16>(ip) === OP_UNDECODED) {
      const offset = <u32>(ip - records) / SCALE;
      const low: u32 = load<u16>(page + offset);
      if ((low & 3) !== 3) {
        Compressed.instruction(ip, low);
      } else if (offset === PAGE_SIZE - 2) {
        store<u16>(ip, OP_STRADDLE);
        return;
      } else {
        Decode.instruction(ip, load<u32>(page + offset));
      }
      if (CodeCache.link(ip, offset)) return;
      ip += (low & 3) === 3 ? 2 * RECORD_SIZE : RECORD_SIZE;
    }
  }

  /** Fills in the jump when the target lies in the same page. Whether a straight line ends here. */
  private static link(ip: usize, offset: u32): bool {
    let op: i32 = load<u16>(ip);
    if (op > OP_SHORT && op <= 2 * OP_SHORT) op -= OP_SHORT;
    if (op === OP_JAL || op === OP_BEQ || op === OP_BNE || (op >= OP_BLT && op <= OP_BGEU)) {
      const imm = load<i32>(ip, RECORD_IMM);
      if (<u32>(<i32>offset + imm) < <u32>PAGE_SIZE) store<i32>(ip, imm * SCALE, RECORD_JUMP);
    }
    return op === OP_JAL || op === OP_JALR;
  }

  /** An instruction that begins in a page's last half-word: its record, in slot 0, which is nobody's page. */
  static straddle(low: u32, high: u32): usize {
    const ip = CodeMap.records(0) + (HALVES - 1) * RECORD_SIZE;
    Decode.instruction(ip, (high << 16) | low);
    return ip;
  }

  /** A compressed instruction alone: its record, in slot 0, with the end of the page behind it. */
  static alone(bits: u32): usize {
    const ip = CodeMap.records(0) + (HALVES - 1) * RECORD_SIZE;
    Compressed.instruction(ip, bits);
    return ip;
  }

  /** A store of `size` bytes at `host` into a page that has a slot: what it may have changed is not decoded any more. */
  static stored(host: usize, size: u32): void {
    const slot = CodeMap.slot(host);
    const own = <usize>CODE_SLOTS + slot * CODE_SLOT_RECORD;
    const stores = load<u32>(own, 4) + 1;
    store<u32>(own, stores, 4);
    if (stores > STORES_MAX) {
      CodeCache.release(host);
      return;
    }
    const page = host & ~(PAGE_SIZE - 1);
    // A 4-byte instruction that begins one half-word before reaches into these bytes.
    const first = max(<i32>(host - page) / 2 - 1, 0);
    const last = min((<i32>(host - page) + <i32>size - 1) / 2, HALVES - 1);
    for (let half = first; half <= last; half++) {
      store<u16>(CodeMap.records(slot) + half * RECORD_SIZE, OP_UNDECODED);
    }
  }

  /** The page of a host address has no code any more. */
  static release(host: usize): void {
    store<u16>(CodeMap.word(host), 0);
  }

  /** After anybody but the hart wrote `length` bytes at `host`, all in physical memory. */
  static written(host: usize, length: u64): void {
    const last = host + <usize>max(length, 1) - 1;
    for (let page = host & ~(PAGE_SIZE - 1); page <= last; page += PAGE_SIZE) CodeCache.release(page);
  }
}

if (OP_BGEU - OP_BLT !== 3) ERROR("the branches are not in a row");
