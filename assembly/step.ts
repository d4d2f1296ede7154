import { Alu } from "./alu.ts";
import { Record } from "./record.ts";

/** A whole instruction of a kind: operands, what alu.ts says, result. */
export abstract class Step {
  @inline static immediate(ip: usize, op: i32): void {
    Record.setRd(ip, Alu.compute(op, Record.rs1(ip), Record.imm(ip)));
  }

  @inline static register(ip: usize, op: i32): void {
    Record.setRd(ip, Alu.compute(op, Record.rs1(ip), Record.rs2(ip)));
  }
}
