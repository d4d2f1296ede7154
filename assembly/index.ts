/**
 * The machine's exports (src/machine-exports.ts says what each is for). A number from the host is never trusted to be
 * an address: it is converted with saturation, so that NaN is 0 and what is too large is an address that nothing maps.
 */
import { NO_RESERVATION } from "./atomic.ts";
import { Clock } from "./clock.ts";
import { CodeCache } from "./code-cache.ts";
import { Csr } from "./csr.ts";
import { CsrFile } from "./csr-file.ts";
import { IRQ_MEI, IRQ_MSI, IRQ_SEI, STATUS_MXR, STATUS_SUM } from "./csr-numbers.ts";
import { Damage } from "./damage.ts";
import { Hart } from "./hart.ts";
import { Interrupts } from "./interrupts.ts";
import { HART, HEAP_SIZE, RAM, TLB, TLB_CONTEXTS, TLB_SIZE, VIDEO_MEMORY } from "./layout.ts";
import { RAM_SIZE_MAX, RAM_SIZE_MIN, VRAM_SIZE_MAX, VRAM_SIZE_MIN } from "./memory-map.ts";
import { Mmu } from "./mmu.ts";
import { Physical } from "./physical.ts";
import { ACCESS_FETCH, PRV_M, PRV_U } from "./riscv.ts";
import { Run } from "./run.ts";
import { scanout, scanoutBottom, scanoutTop } from "./scanout.ts";
import { Status } from "./status.ts";
import { Tlb } from "./tlb.ts";
import { UserCopy } from "./user-copy.ts";

// The allocator keeps below the machine's state: asconfig.json tells the compiler so (lowMemoryLimit).
if (ASC_LOW_MEMORY_LIMIT !== HEAP_SIZE) ERROR("lowMemoryLimit in asconfig.json is not HEAP_SIZE");

/** time's ticks at first: a 100-MIPS machine whose clock runs at 10 MHz. */
const INSTRUCTIONS_PER_TICK: u64 = 10;
/** What fits Hart.left. */
const BUDGET_MAX: f64 = 0x4000_0000;
/** mcounteren, scounteren: cycle, time and instret. */
const COUNTERS: u64 = 7;
const FS_INITIAL: u32 = 1;
/** The interrupts whose level a device sets. */
const DEVICE_IRQS: u32 = IRQ_MSI | IRQ_MEI | IRQ_SEI;

export function reset(ramSize: u32, vramSize: u32): void {
  assert(ramSize >= <u32>RAM_SIZE_MIN && ramSize <= <u32>RAM_SIZE_MAX);
  assert(vramSize >= <u32>VRAM_SIZE_MIN && vramSize <= <u32>VRAM_SIZE_MAX);
  assert(<u64>RAM + ramSize <= (<u64>memory.size()) << 16);
  memory.fill(HART, 0, TLB + TLB_SIZE - HART);
  const hart = Hart.record;
  hart.ramSize = ramSize;
  hart.vramSize = vramSize;
  hart.privilege = PRV_M;
  hart.mode = PRV_M;
  hart.reservation = NO_RESERVATION;
  CsrFile.record.mtimecmp = u64.MAX_VALUE;
  CsrFile.record.stimecmp = u64.MAX_VALUE;
  Clock.set(0, INSTRUCTIONS_PER_TICK);
  for (let index = 0; index < TLB_CONTEXTS; index++) Tlb.emptyBank(index);
  Tlb.enter();
  CodeCache.reset(<usize>RAM + ramSize);
}

export function setSatp(lo: u32, hi: u32): void {
  Csr.writeSatp(((<u64>hi) << 32) | lo);
}

export function setPrivilege(prv: u32): void {
  Status.setMode(prv);
}

export function setStatus(sum: u32, mxr: u32): void {
  const others = Status.mstatus & ~(<u64>(STATUS_SUM | STATUS_MXR));
  Status.mstatus = others | (sum ? STATUS_SUM : 0) | (mxr ? STATUS_MXR : 0);
}

export function run(budget: f64): u32 {
  return Run.slice(<u32>min<f64>(max<f64>(budget, 1), BUDGET_MAX));
}

export function runExactly(budget: f64): u32 {
  return Run.exactly(<u32>min<f64>(max<f64>(budget, 0), BUDGET_MAX));
}

export function setHostKernel(on: u32): void {
  const csrs = CsrFile.record;
  Hart.record.hostKernel = on;
  if (!on) return;
  csrs.mcounteren = COUNTERS;
  csrs.scounteren = COUNTERS;
  Hart.record.fs = FS_INITIAL;
  Status.setMode(PRV_U);
}

export function readCsr(number: u32): u64 {
  return Csr.read(number);
}

export function writeCsr(number: u32, lo: u32, hi: u32): void {
  Csr.write(number, ((<u64>hi) << 32) | lo);
}

export function setTime(ticks: f64, instructionsPerTick: u32): void {
  Clock.set(<u64>ticks, instructionsPerTick);
}

export function time(): f64 {
  return <f64>Clock.now();
}

export function timerDelay(): f64 {
  const alarm = Interrupts.alarm();
  return alarm === u64.MAX_VALUE ? Infinity : <f64>(alarm - Clock.now());
}

export function setTimer(ticks: f64): void {
  CsrFile.record.mtimecmp = <u64>ticks;
}

export function setInterrupt(mask: u32, level: u32): void {
  const csrs = CsrFile.record;
  const bits = <u64>(mask & DEVICE_IRQS);
  csrs.mip = level ? csrs.mip | bits : csrs.mip & ~bits;
}

export function invalidateCode(pa: f64, length: f64): void {
  const host = Physical.host(<u64>pa);
  if (host === 0) return;
  const hart = Hart.record;
  const end: usize = Physical.isVideo(host) ? <usize>VIDEO_MEMORY + hart.vramSize : <usize>RAM + hart.ramSize;
  CodeCache.written(host, min(<u64>length, <u64>(end - host)));
}

export function load8(va: f64): f64 {
  return loadUnsigned<u8>(va);
}

export function load16(va: f64): f64 {
  return loadUnsigned<u16>(va);
}

export function load32(va: f64): f64 {
  return loadUnsigned<u32>(va);
}

function loadUnsigned<T>(va: f64): f64 {
  Hart.record.trapPending = 0;
  const value = <f64>Mmu.load<T>(<i64>va);
  return Hart.record.trapPending ? -1 : value;
}

export function load64(va: f64): u64 {
  Hart.record.trapPending = 0;
  return Mmu.load<u64>(<i64>va);
}

export function store8(va: f64, value: u32): u32 {
  return <u32>!Mmu.store<u8>(<i64>va, <u8>value);
}

export function store16(va: f64, value: u32): u32 {
  return <u32>!Mmu.store<u16>(<i64>va, <u16>value);
}

export function store32(va: f64, value: u32): u32 {
  return <u32>!Mmu.store<u32>(<i64>va, value);
}

export function store64(va: f64, lo: u32, hi: u32): u32 {
  return <u32>!Mmu.store<u64>(<i64>va, ((<u64>hi) << 32) | lo);
}

export function translate(va: f64, access: i32): f64 {
  assert(<u32>access <= <u32>ACCESS_FETCH);
  return <f64>Mmu.translate(<i64>va, access);
}

export function trapPending(): u32 {
  return Hart.record.trapPending;
}

export function trapCause(): u32 {
  return Hart.record.trapCause;
}

export function trapValue(): f64 {
  return <f64>(<i64>Hart.record.trapValue);
}

export function copyToUser(va: f64, host: u32, length: f64): f64 {
  return <f64>UserCopy.toUser(<i64>va, host, <u64>length);
}

export function copyFromUser(host: u32, va: f64, length: f64): f64 {
  return <f64>UserCopy.fromUser(host, <i64>va, <u64>length);
}

export function copyUserToUser(to: f64, from: f64, length: f64): f64 {
  return <f64>UserCopy.userToUser(<i64>to, <i64>from, <u64>length);
}

export function fillUser(va: f64, byte: u32, length: f64): f64 {
  return <f64>UserCopy.fill(<i64>va, <u8>byte, <u64>length);
}

export function sfenceVma(va: f64, asid: u32, flags: u32): void {
  Tlb.fence(<i64>va, asid, flags);
}

export function takeDamage(): u32 {
  Tlb.dropVideoEntries();
  return Damage.collect();
}

export function markDamage(offset: f64, length: f64): void {
  Damage.markRange(<u64>offset, <u64>length);
}

// asc finds no file for `export … from "./scanout.ts"`.
export { scanout, scanoutBottom, scanoutTop };
