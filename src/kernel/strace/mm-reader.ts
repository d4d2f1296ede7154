/**
 * Reads an address space through its page table without faulting anything in: what strace shows must not change what
 * the program does. A page that the program could not read itself is not read.
 */
import { PTE_R, PTE_U, PTE_V } from "../../../assembly/riscv.ts";
import { PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Mm } from "../mm/mm.ts";
import { ptePfn } from "../mm/page-table.ts";
import { accessOk } from "../uaccess.ts";
import type { MemoryReader } from "./text.ts";

const READABLE = PTE_V | PTE_R | PTE_U;

export const mmReader = (mm: Mm): MemoryReader => ({
  read(va, length) {
    if (!accessOk(va, length)) return null;
    const { machine } = mm.host;
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const offset = (va + done) % PAGE_SIZE;
      const pte = mm.table.get(va + done - offset);
      const host = (pte & READABLE) === READABLE ? machine.hostOf(ptePfn(pte) * PAGE_SIZE) : 0;
      if (host === 0) return null;
      const count = Math.min(PAGE_SIZE - offset, length - done);
      bytes.set(machine.u8.subarray(host + offset, host + offset + count), done);
      done += count;
    }
    return bytes;
  },
});
