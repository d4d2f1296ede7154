import { CsrFile } from "./csr-file.ts";
import {
  STATUS_FS,
  STATUS_FS_SHIFT,
  STATUS_MIE,
  STATUS_MPIE,
  STATUS_MPP,
  STATUS_MPP_SHIFT,
  STATUS_MPRV,
  STATUS_MXR,
  STATUS_SIE,
  STATUS_SPIE,
  STATUS_SPP,
  STATUS_SUM,
  STATUS_TSR,
  STATUS_TVM,
  STATUS_TW,
} from "./csr-numbers.ts";
import { Hart } from "./hart.ts";
import { PRV_M, PRV_U } from "./riscv.ts";
import { Tlb } from "./tlb.ts";

/** UXL and SXL: both 2, 64 bits. */
const UXL: u64 = 2 << 32;
const SXL: u64 = 2 << 34;
const SD: u64 = 1 << 63;
const FS_DIRTY: u32 = 3;
const SUPERVISOR: u64 = STATUS_SIE | STATUS_SPIE | STATUS_SPP | STATUS_SUM | STATUS_MXR;
const MACHINE: u64 =
  SUPERVISOR | STATUS_MIE | STATUS_MPIE | STATUS_MPP | STATUS_MPRV | STATUS_TVM | STATUS_TW | STATUS_TSR;

/** mstatus and its view sstatus; the privilege mode, which they save and restore. */
export abstract class Status {
  @inline private static get floating(): u64 {
    const fs = Hart.record.fs;
    return ((<u64>fs) << STATUS_FS_SHIFT) | (fs === FS_DIRTY ? SD : 0);
  }

  static get mstatus(): u64 {
    return CsrFile.record.mstatus | Status.floating | UXL | SXL;
  }

  static get sstatus(): u64 {
    return (CsrFile.record.mstatus & SUPERVISOR) | Status.floating | UXL;
  }

  static set mstatus(value: u64) {
    // MPP is WARL: 2 is no privilege mode, so it stays as it is.
    const mpp = (<u32>value >> STATUS_MPP_SHIFT) & 3;
    Status.write(value, mpp === 2 ? MACHINE & ~(<u64>STATUS_MPP) : MACHINE);
  }

  static set sstatus(value: u64) {
    Status.write(value, SUPERVISOR);
  }

  private static write(value: u64, mask: u64): void {
    const csrs = CsrFile.record;
    csrs.mstatus = (csrs.mstatus & ~mask) | (value & mask);
    Hart.record.fs = (<u32>value & STATUS_FS) >>> STATUS_FS_SHIFT;
    Status.apply();
  }

  /** Makes the memory system follow mode and mstatus. */
  private static apply(): void {
    const hart = Hart.record;
    const mstatus = <u32>CsrFile.record.mstatus;
    hart.privilege = mstatus & STATUS_MPRV ? (mstatus & STATUS_MPP) >>> STATUS_MPP_SHIFT : hart.mode;
    hart.sum = <u32>((mstatus & STATUS_SUM) !== 0);
    hart.mxr = <u32>((mstatus & STATUS_MXR) !== 0);
    Tlb.enter();
  }

  static setMode(mode: u32): void {
    Hart.record.mode = mode;
    Status.apply();
  }

  @inline static has(bit: u64): bool {
    return (CsrFile.record.mstatus & bit) !== 0;
  }

  @inline private static move(mstatus: u64, from: u64, to: u64): u64 {
    return mstatus & from ? mstatus | to : mstatus & ~to;
  }

  /** § "Privilege and Global Interrupt-Enable Stack in mstatus register": a trap into M. */
  static enterM(): void {
    const csrs = CsrFile.record;
    const mode: u64 = Hart.record.mode;
    const mstatus = Status.move(csrs.mstatus, STATUS_MIE, STATUS_MPIE);
    csrs.mstatus = (mstatus & ~(<u64>(STATUS_MIE | STATUS_MPP))) | (mode << STATUS_MPP_SHIFT);
    Status.setMode(PRV_M);
  }

  static enterS(): void {
    const csrs = CsrFile.record;
    const mode = Hart.record.mode;
    const mstatus = Status.move(csrs.mstatus, STATUS_SIE, STATUS_SPIE);
    csrs.mstatus = (mstatus & ~(<u64>(STATUS_SIE | STATUS_SPP))) | (mode === PRV_U ? 0 : STATUS_SPP);
    Status.setMode(1);
  }

  /** mret. "If y≠M, xRET also sets MPRV=0." */
  static leaveM(): void {
    const csrs = CsrFile.record;
    const mode = (<u32>csrs.mstatus & STATUS_MPP) >>> STATUS_MPP_SHIFT;
    const mstatus = Status.move(csrs.mstatus, STATUS_MPIE, STATUS_MIE);
    csrs.mstatus = (mstatus | STATUS_MPIE) & ~(<u64>(mode === PRV_M ? STATUS_MPP : STATUS_MPP | STATUS_MPRV));
    Status.setMode(mode);
  }

  /** sret. */
  static leaveS(): void {
    const csrs = CsrFile.record;
    const mode = csrs.mstatus & STATUS_SPP ? 1 : 0;
    const mstatus = Status.move(csrs.mstatus, STATUS_SPIE, STATUS_SIE);
    csrs.mstatus = (mstatus | STATUS_SPIE) & ~(<u64>(STATUS_SPP | STATUS_MPRV));
    Status.setMode(mode);
  }
}
