import { Damage } from "./damage.ts";
import { Hart } from "./hart.ts";
import { COUNTER_BYTES_COPIED } from "./hart-layout.ts";
import { RAM, STAGING, STAGING_SIZE, VIDEO_MEMORY } from "./layout.ts";
import { Mmu } from "./mmu.ts";
import { Physical } from "./physical.ts";
import { ACCESS_LOAD, ACCESS_STORE, PAGE_SIZE } from "./riscv.ts";

const PAGE: u64 = PAGE_SIZE;
/** About the most bytes of one step: enough that the steps cost nothing. */
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
      const step = min(UserCopy.both(to + done, target, from + done, source, length - done), length - done);
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
   * that follow in memory too. A page that traps is the next step's, which meets the trap again.
   */
  private static piece(va: u64, access: i32, host: usize, length: u64): u64 {
    const most = min(length, STEP);
    let size = PAGE - (va & (PAGE - 1));
    while (size < most && Mmu.translate(va + size, access) === host + <usize>size) size += PAGE;
    return min(size, length);
  }

  /** The same of two ranges at once, in the order of a loop of bytes: a page is asked for when its first byte's turn is. */
  private static both(to: u64, target: usize, from: u64, source: usize, length: u64): u64 {
    const most = min(length, STEP);
    let size = UserCopy.toPageEnd(to, from);
    while (size < most) {
      const atSource = ((from + size) & (PAGE - 1)) === 0;
      if (atSource && Mmu.translate(from + size, ACCESS_LOAD) !== source + <usize>size) break;
      const atTarget = ((to + size) & (PAGE - 1)) === 0;
      if (atTarget && Mmu.translate(to + size, ACCESS_STORE) !== target + <usize>size) break;
      size += UserCopy.toPageEnd(to + size, from + size);
    }
    return size;
  }

  /** Bytes until the first of two addresses comes to the end of its page. */
  @inline private static toPageEnd(to: u64, from: u64): u64 {
    return min(PAGE - (to & (PAGE - 1)), PAGE - (from & (PAGE - 1)));
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
