import { ExecuteFloat } from "./execute-float.ts";
import { Record } from "./record.ts";

/** The registers of an instruction as floating-point numbers. */
export abstract class Registers {
  @inline static double1(ip: usize): f64 {
    return reinterpret<f64>(Record.rs1(ip));
  }

  @inline static double2(ip: usize): f64 {
    return reinterpret<f64>(Record.rs2(ip));
  }

  @inline static setDouble(ip: usize, x: f64): void {
    Record.setRd(ip, reinterpret<u64>(x));
  }

  @inline static single1(ip: usize): f32 {
    return reinterpret<f32>(ExecuteFloat.unbox(Record.rs1(ip)));
  }

  @inline static single2(ip: usize): f32 {
    return reinterpret<f32>(ExecuteFloat.unbox(Record.rs2(ip)));
  }

  @inline static setSingle(ip: usize, x: f32): void {
    Record.setRd(ip, ExecuteFloat.box(reinterpret<u32>(x)));
  }
}
