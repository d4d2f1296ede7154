/**
 * What happens when a page is not there, or not writable yet (handle_mm_fault in mm/memory.c, arch/riscv/mm/fault.c of
 * Linux 6.12): demand paging, copy on write, the driver's fault handler; or the signal that the access earned.
 */
import { BUS_ADRERR, SEGV_ACCERR, SEGV_MAPERR, SIGBUS, SIGKILL, SIGSEGV } from "../../../abi/signal.ts";
import { ACCESS_FETCH, ACCESS_STORE, PTE_W } from "../../../assembly/riscv.ts";
import type { VmFault } from "../../../devices/drivers/driver.ts";
import {
  FAULT_FLAG_INSTRUCTION,
  FAULT_FLAG_MKWRITE,
  FAULT_FLAG_USER,
  FAULT_FLAG_WRITE,
  PAGE_SIZE,
  VM_EXEC,
  VM_FAULT_ERROR,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_SIGBUS,
  VM_GROWSDOWN,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from "../../../devices/drivers/vm.ts";
import { type FaultKind, MMAP_MIN_ADDR, type Mm, type MmHost } from "./mm.ts";
import { makePte, PTE_SPECIAL, ptePfn, ptePrepared, ptePresent, pteSpecial, pteWrite } from "./page-table.ts";
import type { PageRecord } from "./pages.ts";
import { STACK_GUARD_GAP, type VmAreaRecord } from "./vma.ts";

/** A signal that an access earns: number, si_code, si_addr. */
export interface FaultSignal {
  readonly signo: number;
  readonly code: number;
  readonly address: number;
}

/** Makes the access possible and returns null, or says which signal it earns. `access` is ACCESS_…. */
export const handleFault = (mm: Mm, address: number, access: number): FaultSignal | null => {
  const signal = resolve(mm, address, access);
  if (signal !== null) watch(mm, mm.vmas.lookup(address) ?? null, address, access, refusal(signal));
  return signal;
};

const refusal = ({ signo, code }: FaultSignal): FaultKind => {
  if (signo === SIGBUS) return "bus error";
  if (signo === SIGKILL) return "out of memory";
  return code === SEGV_ACCERR ? "not permitted" : "no mapping";
};

const watch = (mm: Mm, vma: VmAreaRecord | null, address: number, access: number, kind: FaultKind): void =>
  mm.host.onFault?.({ mm, vma, address, access, kind });

const resolve = (mm: Mm, address: number, access: number): FaultSignal | null => {
  const vma = mm.vmas.lookup(address) ?? expandDownwards(mm, address);
  if (vma === undefined) return { signo: SIGSEGV, code: SEGV_MAPERR, address };
  if (!mayAccess(vma, access)) return { signo: SIGSEGV, code: SEGV_ACCERR, address };
  const result = faultIn(mm, vma, address - (address % PAGE_SIZE), access);
  if ((result & VM_FAULT_SIGBUS) !== 0) return { signo: SIGBUS, code: BUS_ADRERR, address };
  if ((result & VM_FAULT_OOM) !== 0) return { signo: SIGKILL, code: 0, address };
  if ((result & VM_FAULT_ERROR) !== 0) return { signo: SIGSEGV, code: SEGV_MAPERR, address };
  return null;
};

/**
 * A MAP_GROWSDOWN mapping follows a touch below it (expand_downwards in mm/mmap.c): the mapping, now longer; or
 * undefined where there is none above, or no room.
 */
const expandDownwards = (mm: Mm, address: number): VmAreaRecord | undefined => {
  const vma = mm.vmas.find(address);
  if (address < MMAP_MIN_ADDR || vma === undefined || (vma.flags & VM_GROWSDOWN) === 0) return undefined;
  const start = address - (address % PAGE_SIZE);
  const below = mm.vmas.before(address);
  const tooNear = below !== undefined && (below.flags & VM_GROWSDOWN) === 0 && start - below.end < STACK_GUARD_GAP;
  if (tooNear && (below.flags & (VM_READ | VM_WRITE | VM_EXEC)) !== 0) return undefined;
  // acct_stack_growth: RLIMIT_STACK, RLIMIT_AS.
  if (vma.end - start > mm.limits.stack || !mm.mayExpand(vma.flags, vma.start - start)) return undefined;
  vma.pgoff -= (vma.start - start) / PAGE_SIZE;
  vma.start = start;
  return vma;
};

/** access_error(): writing implies reading on riscv, executing does not. */
const mayAccess = (vma: VmAreaRecord, access: number): boolean => {
  if (access === ACCESS_FETCH) return (vma.flags & VM_EXEC) !== 0;
  if (access === ACCESS_STORE) return (vma.flags & VM_WRITE) !== 0;
  return (vma.flags & (VM_READ | VM_WRITE)) !== 0;
};

/** Makes one page of a mapping usable: 0, or VM_FAULT_…. */
const faultIn = (mm: Mm, vma: VmAreaRecord, page: number, access: number): number => {
  const result = handlePteFault(mm, vma, page, access);
  if ((result & VM_FAULT_OOM) !== 0) mm.host.outOfMemory();
  return result;
};

const handlePteFault = (mm: Mm, vma: VmAreaRecord, page: number, access: number): number => {
  const write = access === ACCESS_STORE;
  const pte = mm.table.get(page);
  if (ptePresent(pte)) {
    if (write && !pteWrite(pte)) return writeProtected(mm, vma, page, pte);
    // The entry allows the access: the MMU had an older one in mind, or has to set A or D.
    mm.flush(page, page + PAGE_SIZE);
    return 0;
  }
  mm.minorFaults++;
  watch(mm, vma, page, access, vma.ops !== null ? "fault handler" : write ? "new page" : "zero page");
  if (vma.ops === null) return anonymousPage(mm, vma, page, write);
  const vmf = makeFault(vma, page, access);
  const result = vma.ops.fault?.(vmf) ?? VM_FAULT_SIGBUS;
  if ((result & VM_FAULT_ERROR) !== 0) return result;
  // Linux would try for ever: nobody else is there who could enter the page that the driver has not.
  if ((result & VM_FAULT_NOPAGE) !== 0) return ptePresent(mm.table.get(page)) ? 0 : VM_FAULT_SIGBUS;
  if (vmf.page === null) return VM_FAULT_SIGBUS;
  const found = vmf.page as PageRecord;
  if ((vma.flags & VM_SHARED) !== 0) return sharedPage(mm, vma, vmf, found, write);
  return write ? privateCopy(mm, vma, page, found) : mapPage(mm, page, found, vma.pageProt, false);
};

const makeFault = (vma: VmAreaRecord, page: number, access: number): VmFault & { page: PageRecord | null } => ({
  vma,
  address: page,
  pgoff: vma.pgoffOf(page),
  flags:
    FAULT_FLAG_USER |
    (access === ACCESS_STORE ? FAULT_FLAG_WRITE : 0) |
    (access === ACCESS_FETCH ? FAULT_FLAG_INSTRUCTION : 0),
  page: null,
});

/** Enters a page whose reference is ours to give; it goes back when there is no memory for tables. */
const mapPage = (mm: Mm, at: number, page: PageRecord, prot: number, write: boolean): number => {
  if (!mm.table.set(at, ptePrepared(makePte(page.pfn, prot), write))) {
    mm.host.pages.putPage(page);
    return VM_FAULT_OOM;
  }
  page.mapcount++;
  return 0;
};

/** The protection of a private page that its process may write now. */
const writableProt = (vma: VmAreaRecord): number => vma.pageProt | ((vma.flags & VM_WRITE) !== 0 ? PTE_W : 0);

/** do_anonymous_page: a read shares the page of zeroes, a write gets a page. */
const anonymousPage = (mm: Mm, vma: VmAreaRecord, at: number, write: boolean): number => {
  if (!write) {
    const zero = makePte(mm.host.zeroPfn, vma.pageProt | PTE_SPECIAL);
    return mm.table.set(at, ptePrepared(zero, false)) ? 0 : VM_FAULT_OOM;
  }
  const page = mm.host.pages.allocPage(true);
  if (page === null) return VM_FAULT_OOM;
  page.anon = true;
  vma.hasAnon = true;
  return mapPage(mm, at, page, writableProt(vma), true);
};

/** do_shared_fault, do_read_fault: the driver's page itself. */
const sharedPage = (mm: Mm, vma: VmAreaRecord, vmf: VmFault, page: PageRecord, write: boolean): number => {
  if (vma.ops?.pageMkwrite === undefined) return mapPage(mm, vmf.address, page, vma.pageProt, write);
  if (!write) return mapPage(mm, vmf.address, page, vma.pageProt & ~PTE_W, false);
  const refused = askToWrite(vma, vmf);
  if (refused !== 0) {
    mm.host.pages.putPage(page);
    return refused;
  }
  return mapPage(mm, vmf.address, page, vma.pageProt, true);
};

/** do_page_mkwrite: 0, or the VM_FAULT_… with which the driver refuses. */
const askToWrite = (vma: VmAreaRecord, vmf: VmFault): number =>
  (vma.ops?.pageMkwrite?.({ ...vmf, flags: FAULT_FLAG_WRITE | FAULT_FLAG_MKWRITE }) ?? 0) & VM_FAULT_ERROR;

/** do_cow_fault: a copy of the driver's page, whose own reference ends here. */
const privateCopy = (mm: Mm, vma: VmAreaRecord, at: number, source: PageRecord): number => {
  const copy = copyOf(mm, vma, source.pfn);
  mm.host.pages.putPage(source);
  return copy === null ? VM_FAULT_OOM : mapPage(mm, at, copy, writableProt(vma), true);
};

const copyOf = (mm: Mm, vma: VmAreaRecord, pfn: number): PageRecord | null => {
  const page = copyPage(mm.host, pfn);
  if (page !== null) vma.hasAnon = true;
  return page;
};

/** A private page with the content of another; zeros of what is no memory. null: no memory for it. */
export const copyPage = ({ pages, machine }: MmHost, pfn: number): PageRecord | null => {
  const page = pages.allocPage(false);
  if (page === null) return null;
  const from = machine.hostOf(pfn * PAGE_SIZE);
  const to = pages.hostOf(page);
  if (from === 0) machine.u8.fill(0, to, to + PAGE_SIZE);
  else machine.u8.copyWithin(to, from, from + PAGE_SIZE);
  page.anon = true;
  return page;
};

/** do_wp_page: a store to a page that is there but may not be written yet. */
const writeProtected = (mm: Mm, vma: VmAreaRecord, at: number, pte: number): number => {
  const { pages } = mm.host;
  mm.minorFaults++;
  watch(mm, vma, at, ACCESS_STORE, (vma.flags & VM_SHARED) !== 0 ? "made writable" : "copy on write");
  const owned = pteSpecial(pte) ? null : pages.pfnToPage(ptePfn(pte));
  if ((vma.flags & VM_SHARED) !== 0) {
    const vmf = makeFault(vma, at, ACCESS_STORE);
    vmf.page = owned;
    const refused = askToWrite(vma, vmf);
    if (refused !== 0) return refused;
    mm.table.set(at, ptePrepared(pte | PTE_W, true));
    mm.flush(at, at + PAGE_SIZE);
    return 0;
  }
  // A pin of this process is one more reference, and means this very page: it must go on being written.
  if (owned?.anon === true && owned.mapcount === 1) {
    mm.table.set(at, ptePrepared(pte | PTE_W, true));
    mm.flush(at, at + PAGE_SIZE);
    return 0;
  }
  const copy = copyOf(mm, vma, ptePfn(pte));
  if (copy === null) return VM_FAULT_OOM;
  mm.table.set(at, ptePrepared(makePte(copy.pfn, writableProt(vma)), true));
  copy.mapcount++;
  mm.flush(at, at + PAGE_SIZE);
  mm.endPins(at, at + PAGE_SIZE);
  if (owned !== null) {
    owned.mapcount--;
    pages.putPage(owned);
  }
  return 0;
};

/**
 * Faults in the pages of [start, end) as mmap's MAP_POPULATE does: for writing where the mapping is private and
 * writable. Returns false at the first page that cannot be.
 */
export const populate = (mm: Mm, start: number, end: number, access?: number): boolean => {
  for (let at = start; at < end; at += PAGE_SIZE) {
    const vma = mm.vmas.lookup(at);
    if (vma === undefined) return false;
    const breaksCow = (vma.flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
    const how = access ?? (breaksCow ? ACCESS_STORE : 0);
    if (!mayAccess(vma, how)) return false;
    const pte = mm.table.get(at);
    if (ptePresent(pte) && (how !== ACCESS_STORE || pteWrite(pte))) continue;
    if ((faultIn(mm, vma, at, how) & VM_FAULT_ERROR) !== 0) return false;
  }
  return true;
};
