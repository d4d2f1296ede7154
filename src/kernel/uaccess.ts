/**
 * The kernel's way to user memory (uaccess.h): through the MMU with the user's rights, page by page, faulting pages in.
 * A user pointer is never trusted: what cannot be reached ends the copy, and nobody throws.
 *
 * Our MMU call runs at user privilege, where a real kernel sets sstatus.SUM; the same pages can be reached either way.
 */
import { EFAULT, ENAMETOOLONG } from "../../abi/errno.ts";
import { ACCESS_LOAD, ACCESS_STORE, CAUSE_LOAD_PAGE_FAULT, CAUSE_STORE_PAGE_FAULT } from "../../assembly/riscv.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import type { Machine } from "../machine.ts";
import { decodeName } from "./fs/names.ts";
import { handleFault } from "./mm/fault.ts";
import { type Mm, TASK_SIZE } from "./mm/mm.ts";

/** Most strings are not longer, and there may be very many of them (execve). */
const FIRST_LOOK = 64;

/** Does the range lie in the user's half (access_ok)? */
export const accessOk = (va: number, length: number): boolean =>
  va >= 0 && length >= 0 && length <= TASK_SIZE && va <= TASK_SIZE - length;

export class UserAccess {
  readonly #machine: Machine;
  /** The address space that is switched in. */
  mm: Mm | null = null;
  /** Told about every byte copied. */
  onCopy: ((length: number) => void) | null = null;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Each copy returns the number of bytes that could NOT be copied, as in Linux. */
  copyToUser(to: number, from: Uint8Array): number {
    const missed = this.#inPieces(to, from.length, ACCESS_STORE, (host, done, count) => {
      this.#machine.u8.set(from.subarray(done, done + count), host);
    });
    return this.#counted(from.length, missed);
  }

  copyFromUser(into: Uint8Array, from: number): number {
    return this.#counted(into.length, this.#fetch(into, from));
  }

  clearUser(to: number, length: number): number {
    return this.#bulk(to, length, ACCESS_STORE, (va, count) => this.#machine.exports.fillUser(va, 0, count));
  }

  /** Between user memory and linear memory: video memory, a page of a file. */
  copyHostToUser(to: number, host: number, length: number): number {
    return this.#bulk(to, length, ACCESS_STORE, (va, count) =>
      this.#machine.exports.copyToUser(va, host + (va - to), count),
    );
  }

  copyUserToHost(host: number, from: number, length: number): number {
    return this.#bulk(from, length, ACCESS_LOAD, (va, count) =>
      this.#machine.exports.copyFromUser(host + (va - from), va, count),
    );
  }

  /** A NUL-terminated string (see decodeName); -EFAULT, or -ENAMETOOLONG when it is not shorter than `limit` bytes. */
  strncpyFromUser(from: number, limit: number): string | number {
    const bytes: Uint8Array[] = [];
    let total = 0;
    while (total < limit) {
      const at = from + total;
      const rest = PAGE_SIZE - (((at % PAGE_SIZE) + PAGE_SIZE) % PAGE_SIZE);
      const count = Math.min(limit - total, rest, total === 0 ? FIRST_LOOK : PAGE_SIZE);
      const piece = new Uint8Array(count);
      // Looking ahead to the end of the page is not copying: only the string counts.
      if (this.#fetch(piece, at) !== 0) return -EFAULT;
      const end = piece.indexOf(0);
      bytes.push(end < 0 ? piece : piece.subarray(0, end));
      this.onCopy?.(end < 0 ? count : end + 1);
      if (end >= 0) return decode(bytes);
      total += count;
    }
    return -ENAMETOOLONG;
  }

  #fetch(into: Uint8Array, from: number): number {
    return this.#inPieces(from, into.length, ACCESS_LOAD, (host, done, count) => {
      into.set(this.#machine.u8.subarray(host, host + count), done);
    });
  }

  #counted(length: number, missed: number): number {
    this.onCopy?.(length - missed);
    return missed;
  }

  /** Makes one byte reachable, faulting its page in; false: EFAULT. */
  #faultIn(va: number, access: number): boolean {
    const cause = this.#machine.exports.trapCause();
    const wanted = access === ACCESS_STORE ? CAUSE_STORE_PAGE_FAULT : CAUSE_LOAD_PAGE_FAULT;
    return cause === wanted && this.mm !== null && handleFault(this.mm, va, access) === null;
  }

  #inPieces(
    va: number,
    length: number,
    access: number,
    visit: (host: number, done: number, count: number) => void,
  ): number {
    if (!accessOk(va, length)) return length;
    let done = 0;
    while (done < length) {
      const host = this.#machine.exports.translate(va + done, access);
      if (host === 0) {
        if (this.#faultIn(va + done, access)) continue;
        break;
      }
      const count = Math.min(length - done, PAGE_SIZE - (host % PAGE_SIZE));
      visit(host, done, count);
      done += count;
    }
    return length - done;
  }

  #bulk(va: number, length: number, access: number, copy: (va: number, count: number) => number): number {
    if (!accessOk(va, length)) return length;
    let done = 0;
    while (done < length) {
      done += copy(va + done, length - done);
      if (done < length && !this.#faultIn(va + done, access)) break;
    }
    return this.#counted(length, length - done);
  }
}

const decode = (pieces: readonly Uint8Array[]): string => {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return decodeName(all);
};
