import {
  OP_ADD,
  OP_ADDI,
  OP_ADDIW,
  OP_ADDW,
  OP_AND,
  OP_ANDI,
  OP_DIV,
  OP_DIVU,
  OP_DIVUW,
  OP_DIVW,
  OP_MUL,
  OP_MULH,
  OP_MULHSU,
  OP_MULHU,
  OP_MULW,
  OP_OR,
  OP_ORI,
  OP_REM,
  OP_REMU,
  OP_REMUW,
  OP_REMW,
  OP_SLL,
  OP_SLLI,
  OP_SLLIW,
  OP_SLLW,
  OP_SLT,
  OP_SLTI,
  OP_SLTIU,
  OP_SLTU,
  OP_SRA,
  OP_SRAI,
  OP_SRAIW,
  OP_SRAW,
  OP_SRL,
  OP_SRLI,
  OP_SRLIW,
  OP_SRLW,
  OP_SUB,
  OP_SUBW,
  OP_XOR,
  OP_XORI,
} from "./ops.ts";

/** What the integer operations compute. Called with a constant operation, of which the optimiser leaves one case. */
export abstract class Alu {
  @inline static compute(op: i32, a: u64, b: u64): u64 {
    switch (op) {
      case OP_ADD:
      case OP_ADDI:
        return a + b;
      case OP_SUB:
        return a - b;
      case OP_SLL:
      case OP_SLLI:
        return a << (b & 63);
      case OP_SRL:
      case OP_SRLI:
        return a >> (b & 63);
      case OP_SRA:
      case OP_SRAI:
        return <u64>(<i64>a >> (<i64>b & 63));
      case OP_SLT:
      case OP_SLTI:
        return <u64>(<i64>a < <i64>b);
      case OP_SLTU:
      case OP_SLTIU:
        return <u64>(a < b);
      case OP_XOR:
      case OP_XORI:
        return a ^ b;
      case OP_OR:
      case OP_ORI:
        return a | b;
      case OP_AND:
      case OP_ANDI:
        return a & b;
      case OP_ADDW:
      case OP_ADDIW:
        return Alu.word(<u32>a + <u32>b);
      case OP_SUBW:
        return Alu.word(<u32>a - <u32>b);
      case OP_SLLW:
      case OP_SLLIW:
        return Alu.word((<u32>a) << (<u32>b & 31));
      case OP_SRLW:
      case OP_SRLIW:
        return Alu.word(<u32>a >> (<u32>b & 31));
      case OP_SRAW:
      case OP_SRAIW:
        return Alu.word(<i32>a >> (<i32>b & 31));
      case OP_MUL:
        return a * b;
      case OP_MULW:
        return Alu.word(<u32>a * <u32>b);
      case OP_MULHU:
        return Alu.high(a, b);
      case OP_MULH:
        return Alu.high(a, b) - (<i64>a < 0 ? b : 0) - (<i64>b < 0 ? a : 0);
      case OP_MULHSU:
        return Alu.high(a, b) - (<i64>a < 0 ? b : 0);
      // § "Division Operations", table "Semantics for division by zero and division overflow". wasm traps on both.
      case OP_DIV:
        if (b === 0) return u64.MAX_VALUE;
        return <i64>b === -1 ? 0 - a : <u64>(<i64>a / <i64>b);
      case OP_DIVU:
        return b === 0 ? u64.MAX_VALUE : a / b;
      case OP_REM:
        if (b === 0) return a;
        return <i64>b === -1 ? 0 : <u64>(<i64>a % <i64>b);
      case OP_REMU:
        return b === 0 ? a : a % b;
      case OP_DIVW:
        if (<u32>b === 0) return u64.MAX_VALUE;
        return Alu.word(<i32>b === -1 ? 0 - <i32>a : <i32>a / <i32>b);
      case OP_DIVUW:
        return <u32>b === 0 ? u64.MAX_VALUE : Alu.word(<u32>a / <u32>b);
      case OP_REMW:
        if (<u32>b === 0) return Alu.word(<i32>a);
        return <i32>b === -1 ? 0 : Alu.word(<i32>a % <i32>b);
      case OP_REMUW:
        return Alu.word(<u32>b === 0 ? <u32>a : <u32>a % <u32>b);
      default:
        unreachable();
        return 0;
    }
  }

  /** A 32-bit result: "always produce 32-bit signed values", sign-extended. */
  @inline private static word(value: i32): u64 {
    return <u64>(<i64>value);
  }

  /** The upper half of the product of two unsigned numbers. */
  @inline private static high(a: u64, b: u64): u64 {
    const aLow: u64 = <u32>a;
    const aHigh = a >> 32;
    const bLow: u64 = <u32>b;
    const bHigh = b >> 32;
    const middle = aHigh * bLow + ((aLow * bLow) >> 32);
    return aHigh * bHigh + (middle >> 32) + ((aLow * bHigh + <u64>(<u32>middle)) >> 32);
  }
}
