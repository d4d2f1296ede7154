import { HART_REGISTERS, SLOT_SINK } from "./hart-layout.ts";
import { HART } from "./layout.ts";
import { RECORD_IMM, RECORD_JUMP, RECORD_RD, RECORD_RS1, RECORD_RS2, RECORD_RS3 } from "./ops.ts";

const REGISTERS: usize = HART + HART_REGISTERS;

/** The operands of a predecoded instruction (ops.ts draws the record), and the registers that they name. */
export abstract class Record {
  @inline static imm(ip: usize): i64 {
    return load<i32>(ip, RECORD_IMM);
  }

  @inline static jump(ip: usize): i32 {
    return load<i32>(ip, RECORD_JUMP);
  }

  @inline static rs1(ip: usize): u64 {
    return load<u64>(load<u16>(ip, RECORD_RS1), REGISTERS);
  }

  @inline static rs2(ip: usize): u64 {
    return load<u64>(load<u16>(ip, RECORD_RS2), REGISTERS);
  }

  @inline static rs3(ip: usize): u64 {
    return load<u64>(load<u16>(ip, RECORD_RS3), REGISTERS);
  }

  @inline static setRd(ip: usize, value: u64): void {
    store<u64>(load<u16>(ip, RECORD_RD), value, REGISTERS);
  }

  /** rs1 + imm: the address of a load or store. */
  @inline static address(ip: usize): u64 {
    return Record.rs1(ip) + Record.imm(ip);
  }

  /** Writes a record from slot numbers of the register file; the jump is not known here. */
  static write(ip: usize, op: i32, rd: u32, rs1: u32, rs2: u32, imm: i32): void {
    store<u16>(ip, op);
    store<u16>(ip, (rd === 0 ? SLOT_SINK : rd) << 3, RECORD_RD);
    store<u16>(ip, rs1 << 3, RECORD_RS1);
    store<u16>(ip, rs2 << 3, RECORD_RS2);
    store<i32>(ip, imm, RECORD_IMM);
    store<i32>(ip, 0, RECORD_JUMP);
  }
}
