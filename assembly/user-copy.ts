import { Damage } from "./damage.ts";
import { Hart } from "./hart.ts";
import { COUNTER_BYTES_COPIED } from "./hart-layout.ts";
import { RAM, STAGING, STAGING_SIZE, VIDEO_MEMORY } from "./layout.ts";
import { Mmu } from "./mmu.ts";
import { Physical } from "./physical.ts";
import { ACCESS_LOAD, ACCESS_STORE, PAGE_SIZE } from "./riscv.ts";
import { Tlb } from "./tlb.ts";

const PAGE: u64 = PAGE_SIZE;
/** Most bytes in one step of a copy between two ranges of guest memory. */
const STEP: u64 = 16 * PAGE;

/**
 * Ranges of guest memory, a page or more at a time, with bulk instructions. Each call returns the bytes done before a
 * trap: all of `length` when there was none. Register pages trap (access fault): they are not memory.
 */
export abstract class UserCopy {
  /** From linear memory at `host` to the guest's address space. */
  static toUser(va: u64, host: usize, length: u64): u64 {
    UserCopy.assertHostRange(host, length);
    let done: u64 = 0;
    while (done < length) {
      const to = Mmu.translate(va + done, ACCESS_STORE);
      if (to === 0) break;
      const step = UserCopy.piece(va + done, ACCESS_STORE, to, length - done);
      memory.copy(to, host + <usize>done, <usize>step);
      done += step;
    }
    Hart.count(COUNTER_BYTES_COPIED, done);
    return done;
  }

  /** From the guest's address space to linear memory at `host`; what lands in video memory is marked as damaged. */
  static fromUser(host: usize, va: u64, length: u64): u64 {
    UserCopy.assertHostRange(host, length);
    let done: u64 = 0;
    while (done < length) {
      const from = Mmu.translate(va + done, ACCESS_LOAD);
      if (from === 0) break;
      const step = UserCopy.piece(va + done, ACCESS_LOAD, from, length - done);
      memory.copy(host + <usize>done, from, <usize>step);
      done += step;
    }
    if (Physical.isVideo(host)) Damage.markRange(host - VIDEO_MEMORY, done);
    Hart.count(COUNTER_BYTES_COPIED, done);
    return done;
  }

  /**
   * Between two ranges of the address space, forwards, in steps of at least what is left of a page; each step reads all
   * its bytes before it writes one. So ranges that overlap are moved right when `to` is below `from`; when it is above,
   * a later step may read what an earlier one wrote, as with memcpy(3).
   */
  static userToUser(to: u64, from: u64, length: u64): u64 {
    let done: u64 = 0;
    while (done < length) {
      const source = Mmu.translate(from + done, ACCESS_LOAD);
      if (source === 0) break;
      const target = Mmu.translate(to + done, ACCESS_STORE);
      if (target === 0) break;
      // What the one side cannot follow, the other need not look at: STEP is as far as either looks ahead.
      const readable = UserCopy.piece(from + done, ACCESS_LOAD, source, min(length - done, STEP));
      const step = UserCopy.piece(to + done, ACCESS_STORE, target, readable);
      memory.copy(target, source, <usize>step);
      done += step;
    }
    Hart.count(COUNTER_BYTES_COPIED, done);
    return done;
  }

  static fill(va: u64, byte: u8, length: u64): u64 {
    let done: u64 = 0;
    while (done < length) {
      const to = Mmu.translate(va + done, ACCESS_STORE);
      if (to === 0) break;
      const step = UserCopy.piece(va + done, ACCESS_STORE, to, length - done);
      memory.fill(to, byte, <usize>step);
      done += step;
    }
    Hart.count(COUNTER_BYTES_COPIED, done);
    return done;
  }

  /**
   * How many of `length` bytes at `va` lie in one piece from `host` on: to the end of the page, and on through pages
   * that the TLB knows to follow in memory too. A page it does not know is the next step's, with its trap.
   */
  private static piece(va: u64, access: i32, host: usize, length: u64): u64 {
    let size = PAGE - (va & (PAGE - 1));
    while (size < length && Tlb.lookup(va + size, access) === host + <usize>size) size += PAGE;
    return min(size, length);
  }

  /** Whether [host, host + length) lies in [start, start + size). */
  @inline private static lies(host: usize, length: u64, start: usize, size: u64): bool {
    const offset: u64 = host - start;
    return offset <= size && length <= size - offset;
  }

  /**
   * The host's end of a copy is ours, so it lies in the staging area or in physical memory, all of it: a length that a
   * guest chose and nobody checked stops here (a wasm trap), before it reaches the machine's own state.
   */
  private static assertHostRange(host: usize, length: u64): void {
    const hart = Hart.record;
    if (UserCopy.lies(host, length, STAGING, STAGING_SIZE)) return;
    if (UserCopy.lies(host, length, VIDEO_MEMORY, hart.vramSize)) return;
    if (UserCopy.lies(host, length, RAM, hart.ramSize)) return;
    unreachable();
  }
}
