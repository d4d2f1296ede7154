/** The fields of a 32-bit instruction: § "Base Instruction Formats" and § "Immediate Encoding Variants". */
export abstract class Instruction {
  @inline static rd(bits: u32): u32 {
    return (bits >>> 7) & 31;
  }

  @inline static funct3(bits: u32): u32 {
    return (bits >>> 12) & 7;
  }

  @inline static rs1(bits: u32): u32 {
    return (bits >>> 15) & 31;
  }

  @inline static rs2(bits: u32): u32 {
    return (bits >>> 20) & 31;
  }

  @inline static immI(bits: u32): i32 {
    return <i32>bits >> 20;
  }

  @inline static immS(bits: u32): i32 {
    return ((<i32>bits >> 25) << 5) | ((bits >>> 7) & 31);
  }

  static immB(bits: u32): i32 {
    return ((<i32>bits >> 31) << 12) | ((bits << 4) & 0x800) | ((bits >>> 20) & 0x7e0) | ((bits >>> 7) & 0x1e);
  }

  static immJ(bits: u32): i32 {
    return ((<i32>bits >> 31) << 20) | (bits & 0xff000) | ((bits >>> 9) & 0x800) | ((bits >>> 20) & 0x7fe);
  }
}
