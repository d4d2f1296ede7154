import { Hart } from "./hart.ts";
import { DAMAGE, DAMAGE_SIZE, DAMAGE_TAKEN, DAMAGE_TAKEN_SIZE, VIDEO_MEMORY, VIDEO_MEMORY_SIZE } from "./layout.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "./riscv.ts";

/** Bytes of a bitmap that can be in use: one bit a page. */
const BITMAP_BYTES = VIDEO_MEMORY_SIZE / PAGE_SIZE / 8;
if (BITMAP_BYTES > DAMAGE_SIZE || BITMAP_BYTES > DAMAGE_TAKEN_SIZE) ERROR("a damage bitmap is too small");

/**
 * Which pages of video memory were written since the last look: bit `page & 7` of byte `page >> 3`. A store costs
 * nothing here: tlb.ts sets the bit when it installs the store entry that the store then hits.
 */
export abstract class Damage {
  /** Marks the page of a host address in video memory. */
  @inline static mark(host: usize): void {
    Damage.markPage(<u32>(host - VIDEO_MEMORY) >> PAGE_SHIFT);
  }

  static markPage(page: u32): void {
    const byte = <usize>DAMAGE + (page >> 3);
    store<u8>(byte, load<u8>(byte) | ((<u8>1) << (<u8>(page & 7))));
  }

  /** Marks the pages of [offset, offset + length) in video memory; what lies outside is left out. */
  static markRange(offset: u64, length: u64): void {
    const size: u64 = Hart.record.vramSize;
    if (offset >= size || length === 0) return;
    const last = offset + min(length, size - offset) - 1;
    let page = <u32>(offset >> PAGE_SHIFT);
    const end = <u32>(last >> PAGE_SHIFT) + 1;
    for (; page < end && (page & 7) !== 0; page++) Damage.markPage(page);
    // Whole bytes of the bitmap: a pinned frame is marked anew for every look.
    const bytes = (end - page) >> 3;
    memory.fill(<usize>DAMAGE + (page >> 3), 0xff, bytes);
    for (page += bytes << 3; page < end; page++) Damage.markPage(page);
  }

  /** Moves the live bits to DAMAGE_TAKEN, in the place of what was there. Returns the number of pages. */
  static collect(): u32 {
    let pages: u64 = 0;
    // A card has no more memory than this: the rest of the bitmap is zero, now and before.
    const end = (<i32>(((Hart.record.vramSize >> PAGE_SHIFT) + 63) >> 6)) << 3;
    for (let at = 0; at < end; at += 8) {
      const bits = load<u64>(DAMAGE + at);
      pages += popcnt(bits);
      store<u64>(DAMAGE_TAKEN + at, bits);
      store<u64>(DAMAGE + at, 0);
    }
    return <u32>pages;
  }
}
