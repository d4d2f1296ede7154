/**
 * The machine's exports (src/machine-exports.ts says what each is for). A number from the host is never trusted to be
 * an address: it is converted with saturation, so that NaN is 0 and what is too large is an address that nothing maps.
 */
import { Damage } from "./damage.ts";
import { Hart } from "./hart.ts";
import { HART, HEAP_SIZE, RAM, TLB, TLB_CONTEXTS, TLB_SIZE } from "./layout.ts";
import { RAM_SIZE_MAX, RAM_SIZE_MIN, VRAM_SIZE_MAX, VRAM_SIZE_MIN } from "./memory-map.ts";
import { Mmu } from "./mmu.ts";
import { ACCESS_FETCH, PRV_M, SATP_MODE_BARE, SATP_MODE_SV39 } from "./riscv.ts";
import { scanout, scanoutBottom, scanoutTop } from "./scanout.ts";
import { Tlb } from "./tlb.ts";
import { UserCopy } from "./user-copy.ts";

// The allocator keeps below the machine's state: asconfig.json tells the compiler so (lowMemoryLimit).
if (ASC_LOW_MEMORY_LIMIT !== HEAP_SIZE) ERROR("lowMemoryLimit in asconfig.json is not HEAP_SIZE");

export function reset(ramSize: u32, vramSize: u32): void {
  assert(ramSize >= <u32>RAM_SIZE_MIN && ramSize <= <u32>RAM_SIZE_MAX);
  assert(vramSize >= <u32>VRAM_SIZE_MIN && vramSize <= <u32>VRAM_SIZE_MAX);
  assert(<u64>RAM + ramSize <= (<u64>memory.size()) << 16);
  memory.fill(HART, 0, TLB + TLB_SIZE - HART);
  const hart = Hart.record;
  hart.ramSize = ramSize;
  hart.vramSize = vramSize;
  hart.privilege = PRV_M;
  for (let index = 0; index < TLB_CONTEXTS; index++) Tlb.emptyBank(index);
  Tlb.enter();
}

export function setSatp(lo: u32, hi: u32): void {
  const mode = hi >>> 28;
  // "if satp is written with an unsupported MODE, the entire write has no effect"
  if (mode !== SATP_MODE_BARE && mode !== SATP_MODE_SV39) return;
  Hart.record.satp = ((<u64>hi) << 32) | lo;
  Tlb.enter();
}

export function setPrivilege(prv: u32): void {
  Hart.record.privilege = prv;
  Tlb.enter();
}

export function setStatus(sum: u32, mxr: u32): void {
  const hart = Hart.record;
  hart.sum = sum;
  hart.mxr = mxr;
  Tlb.enter();
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
