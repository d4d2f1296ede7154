/**
 * An encoder of RV64GC's 32-bit instructions, for tests and generators: no assembler text, only fields. The table is
 * "RV32/64G Instruction Set Listings" of the unprivileged specification, and the privileged listing: a word is the
 * instruction when `(word & mask) === match`.
 *
 * Formats: R I S B U J of § "Base Instruction Formats"; Shift and ShiftW have a shift amount; Csr a CSR number in imm;
 * R4 a third source. F formats name f registers: FI fld, FS fsd, FR with rm, F1 one source and rm, F2 no rm; X marks an
 * x register: FX… to x, XF… from x; …R with rm.
 */
export type Format =
  | "R"
  | "I"
  | "S"
  | "B"
  | "U"
  | "J"
  | "Shift"
  | "ShiftW"
  | "None"
  | "R2"
  | "Csr"
  | "FI"
  | "FS"
  | "R4"
  | "FR"
  | "F1"
  | "F2"
  | "FX2"
  | "FX"
  | "XF"
  | "FXR"
  | "XFR";

export interface Encoding {
  format: Format;
  match: number;
  mask: number;
}

export const ENCODINGS = {
  LUI: { format: "U", match: 0x00000037, mask: 0x0000007f },
  AUIPC: { format: "U", match: 0x00000017, mask: 0x0000007f },
  JAL: { format: "J", match: 0x0000006f, mask: 0x0000007f },
  JALR: { format: "I", match: 0x00000067, mask: 0x0000707f },
  BEQ: { format: "B", match: 0x00000063, mask: 0x0000707f },
  BNE: { format: "B", match: 0x00001063, mask: 0x0000707f },
  BLT: { format: "B", match: 0x00004063, mask: 0x0000707f },
  BGE: { format: "B", match: 0x00005063, mask: 0x0000707f },
  BLTU: { format: "B", match: 0x00006063, mask: 0x0000707f },
  BGEU: { format: "B", match: 0x00007063, mask: 0x0000707f },
  LB: { format: "I", match: 0x00000003, mask: 0x0000707f },
  LH: { format: "I", match: 0x00001003, mask: 0x0000707f },
  LW: { format: "I", match: 0x00002003, mask: 0x0000707f },
  LD: { format: "I", match: 0x00003003, mask: 0x0000707f },
  LBU: { format: "I", match: 0x00004003, mask: 0x0000707f },
  LHU: { format: "I", match: 0x00005003, mask: 0x0000707f },
  LWU: { format: "I", match: 0x00006003, mask: 0x0000707f },
  SB: { format: "S", match: 0x00000023, mask: 0x0000707f },
  SH: { format: "S", match: 0x00001023, mask: 0x0000707f },
  SW: { format: "S", match: 0x00002023, mask: 0x0000707f },
  SD: { format: "S", match: 0x00003023, mask: 0x0000707f },
  ADDI: { format: "I", match: 0x00000013, mask: 0x0000707f },
  SLTI: { format: "I", match: 0x00002013, mask: 0x0000707f },
  SLTIU: { format: "I", match: 0x00003013, mask: 0x0000707f },
  XORI: { format: "I", match: 0x00004013, mask: 0x0000707f },
  ORI: { format: "I", match: 0x00006013, mask: 0x0000707f },
  ANDI: { format: "I", match: 0x00007013, mask: 0x0000707f },
  SLLI: { format: "Shift", match: 0x00001013, mask: 0xfc00707f },
  SRLI: { format: "Shift", match: 0x00005013, mask: 0xfc00707f },
  SRAI: { format: "Shift", match: 0x40005013, mask: 0xfc00707f },
  ADDIW: { format: "I", match: 0x0000001b, mask: 0x0000707f },
  SLLIW: { format: "ShiftW", match: 0x0000101b, mask: 0xfe00707f },
  SRLIW: { format: "ShiftW", match: 0x0000501b, mask: 0xfe00707f },
  SRAIW: { format: "ShiftW", match: 0x4000501b, mask: 0xfe00707f },
  ADD: { format: "R", match: 0x00000033, mask: 0xfe00707f },
  SUB: { format: "R", match: 0x40000033, mask: 0xfe00707f },
  SLL: { format: "R", match: 0x00001033, mask: 0xfe00707f },
  SLT: { format: "R", match: 0x00002033, mask: 0xfe00707f },
  SLTU: { format: "R", match: 0x00003033, mask: 0xfe00707f },
  XOR: { format: "R", match: 0x00004033, mask: 0xfe00707f },
  SRL: { format: "R", match: 0x00005033, mask: 0xfe00707f },
  SRA: { format: "R", match: 0x40005033, mask: 0xfe00707f },
  OR: { format: "R", match: 0x00006033, mask: 0xfe00707f },
  AND: { format: "R", match: 0x00007033, mask: 0xfe00707f },
  MUL: { format: "R", match: 0x02000033, mask: 0xfe00707f },
  MULH: { format: "R", match: 0x02001033, mask: 0xfe00707f },
  MULHSU: { format: "R", match: 0x02002033, mask: 0xfe00707f },
  MULHU: { format: "R", match: 0x02003033, mask: 0xfe00707f },
  DIV: { format: "R", match: 0x02004033, mask: 0xfe00707f },
  DIVU: { format: "R", match: 0x02005033, mask: 0xfe00707f },
  REM: { format: "R", match: 0x02006033, mask: 0xfe00707f },
  REMU: { format: "R", match: 0x02007033, mask: 0xfe00707f },
  ADDW: { format: "R", match: 0x0000003b, mask: 0xfe00707f },
  SUBW: { format: "R", match: 0x4000003b, mask: 0xfe00707f },
  SLLW: { format: "R", match: 0x0000103b, mask: 0xfe00707f },
  SRLW: { format: "R", match: 0x0000503b, mask: 0xfe00707f },
  SRAW: { format: "R", match: 0x4000503b, mask: 0xfe00707f },
  MULW: { format: "R", match: 0x0200003b, mask: 0xfe00707f },
  DIVW: { format: "R", match: 0x0200403b, mask: 0xfe00707f },
  DIVUW: { format: "R", match: 0x0200503b, mask: 0xfe00707f },
  REMW: { format: "R", match: 0x0200603b, mask: 0xfe00707f },
  REMUW: { format: "R", match: 0x0200703b, mask: 0xfe00707f },
  FENCE: { format: "None", match: 0x0000000f, mask: 0x0000707f },
  FENCE_I: { format: "None", match: 0x0000100f, mask: 0x0000707f },
  ECALL: { format: "None", match: 0x00000073, mask: 0xffffffff },
  EBREAK: { format: "None", match: 0x00100073, mask: 0xffffffff },
  SRET: { format: "None", match: 0x10200073, mask: 0xffffffff },
  MRET: { format: "None", match: 0x30200073, mask: 0xffffffff },
  WFI: { format: "None", match: 0x10500073, mask: 0xffffffff },
  SFENCE_VMA: { format: "R2", match: 0x12000073, mask: 0xfe007fff },
  CSRRW: { format: "Csr", match: 0x00001073, mask: 0x0000707f },
  CSRRS: { format: "Csr", match: 0x00002073, mask: 0x0000707f },
  CSRRC: { format: "Csr", match: 0x00003073, mask: 0x0000707f },
  CSRRWI: { format: "Csr", match: 0x00005073, mask: 0x0000707f },
  CSRRSI: { format: "Csr", match: 0x00006073, mask: 0x0000707f },
  CSRRCI: { format: "Csr", match: 0x00007073, mask: 0x0000707f },
  LR_W: { format: "R", match: 0x1000202f, mask: 0xf9f0707f },
  SC_W: { format: "R", match: 0x1800202f, mask: 0xf800707f },
  AMOSWAP_W: { format: "R", match: 0x0800202f, mask: 0xf800707f },
  AMOADD_W: { format: "R", match: 0x0000202f, mask: 0xf800707f },
  AMOXOR_W: { format: "R", match: 0x2000202f, mask: 0xf800707f },
  AMOAND_W: { format: "R", match: 0x6000202f, mask: 0xf800707f },
  AMOOR_W: { format: "R", match: 0x4000202f, mask: 0xf800707f },
  AMOMIN_W: { format: "R", match: 0x8000202f, mask: 0xf800707f },
  AMOMAX_W: { format: "R", match: 0xa000202f, mask: 0xf800707f },
  AMOMINU_W: { format: "R", match: 0xc000202f, mask: 0xf800707f },
  AMOMAXU_W: { format: "R", match: 0xe000202f, mask: 0xf800707f },
  LR_D: { format: "R", match: 0x1000302f, mask: 0xf9f0707f },
  SC_D: { format: "R", match: 0x1800302f, mask: 0xf800707f },
  AMOSWAP_D: { format: "R", match: 0x0800302f, mask: 0xf800707f },
  AMOADD_D: { format: "R", match: 0x0000302f, mask: 0xf800707f },
  AMOXOR_D: { format: "R", match: 0x2000302f, mask: 0xf800707f },
  AMOAND_D: { format: "R", match: 0x6000302f, mask: 0xf800707f },
  AMOOR_D: { format: "R", match: 0x4000302f, mask: 0xf800707f },
  AMOMIN_D: { format: "R", match: 0x8000302f, mask: 0xf800707f },
  AMOMAX_D: { format: "R", match: 0xa000302f, mask: 0xf800707f },
  AMOMINU_D: { format: "R", match: 0xc000302f, mask: 0xf800707f },
  AMOMAXU_D: { format: "R", match: 0xe000302f, mask: 0xf800707f },
  FLW: { format: "FI", match: 0x00002007, mask: 0x0000707f },
  FLD: { format: "FI", match: 0x00003007, mask: 0x0000707f },
  FSW: { format: "FS", match: 0x00002027, mask: 0x0000707f },
  FSD: { format: "FS", match: 0x00003027, mask: 0x0000707f },
  FMADD_S: { format: "R4", match: 0x00000043, mask: 0x0600007f },
  FMSUB_S: { format: "R4", match: 0x00000047, mask: 0x0600007f },
  FNMSUB_S: { format: "R4", match: 0x0000004b, mask: 0x0600007f },
  FNMADD_S: { format: "R4", match: 0x0000004f, mask: 0x0600007f },
  FADD_S: { format: "FR", match: 0x00000053, mask: 0xfe00007f },
  FSUB_S: { format: "FR", match: 0x08000053, mask: 0xfe00007f },
  FMUL_S: { format: "FR", match: 0x10000053, mask: 0xfe00007f },
  FDIV_S: { format: "FR", match: 0x18000053, mask: 0xfe00007f },
  FSQRT_S: { format: "F1", match: 0x58000053, mask: 0xfff0007f },
  FSGNJ_S: { format: "F2", match: 0x20000053, mask: 0xfe00707f },
  FSGNJN_S: { format: "F2", match: 0x20001053, mask: 0xfe00707f },
  FSGNJX_S: { format: "F2", match: 0x20002053, mask: 0xfe00707f },
  FMIN_S: { format: "F2", match: 0x28000053, mask: 0xfe00707f },
  FMAX_S: { format: "F2", match: 0x28001053, mask: 0xfe00707f },
  FLE_S: { format: "FX2", match: 0xa0000053, mask: 0xfe00707f },
  FLT_S: { format: "FX2", match: 0xa0001053, mask: 0xfe00707f },
  FEQ_S: { format: "FX2", match: 0xa0002053, mask: 0xfe00707f },
  FCLASS_S: { format: "FX", match: 0xe0001053, mask: 0xfff0707f },
  FMV_X_S: { format: "FX", match: 0xe0000053, mask: 0xfff0707f },
  FMV_S_X: { format: "XF", match: 0xf0000053, mask: 0xfff0707f },
  FCVT_W_S: { format: "FXR", match: 0xc0000053, mask: 0xfff0007f },
  FCVT_S_W: { format: "XFR", match: 0xd0000053, mask: 0xfff0007f },
  FCVT_WU_S: { format: "FXR", match: 0xc0100053, mask: 0xfff0007f },
  FCVT_S_WU: { format: "XFR", match: 0xd0100053, mask: 0xfff0007f },
  FCVT_L_S: { format: "FXR", match: 0xc0200053, mask: 0xfff0007f },
  FCVT_S_L: { format: "XFR", match: 0xd0200053, mask: 0xfff0007f },
  FCVT_LU_S: { format: "FXR", match: 0xc0300053, mask: 0xfff0007f },
  FCVT_S_LU: { format: "XFR", match: 0xd0300053, mask: 0xfff0007f },
  FMADD_D: { format: "R4", match: 0x02000043, mask: 0x0600007f },
  FMSUB_D: { format: "R4", match: 0x02000047, mask: 0x0600007f },
  FNMSUB_D: { format: "R4", match: 0x0200004b, mask: 0x0600007f },
  FNMADD_D: { format: "R4", match: 0x0200004f, mask: 0x0600007f },
  FADD_D: { format: "FR", match: 0x02000053, mask: 0xfe00007f },
  FSUB_D: { format: "FR", match: 0x0a000053, mask: 0xfe00007f },
  FMUL_D: { format: "FR", match: 0x12000053, mask: 0xfe00007f },
  FDIV_D: { format: "FR", match: 0x1a000053, mask: 0xfe00007f },
  FSQRT_D: { format: "F1", match: 0x5a000053, mask: 0xfff0007f },
  FSGNJ_D: { format: "F2", match: 0x22000053, mask: 0xfe00707f },
  FSGNJN_D: { format: "F2", match: 0x22001053, mask: 0xfe00707f },
  FSGNJX_D: { format: "F2", match: 0x22002053, mask: 0xfe00707f },
  FMIN_D: { format: "F2", match: 0x2a000053, mask: 0xfe00707f },
  FMAX_D: { format: "F2", match: 0x2a001053, mask: 0xfe00707f },
  FLE_D: { format: "FX2", match: 0xa2000053, mask: 0xfe00707f },
  FLT_D: { format: "FX2", match: 0xa2001053, mask: 0xfe00707f },
  FEQ_D: { format: "FX2", match: 0xa2002053, mask: 0xfe00707f },
  FCLASS_D: { format: "FX", match: 0xe2001053, mask: 0xfff0707f },
  FMV_X_D: { format: "FX", match: 0xe2000053, mask: 0xfff0707f },
  FMV_D_X: { format: "XF", match: 0xf2000053, mask: 0xfff0707f },
  FCVT_W_D: { format: "FXR", match: 0xc2000053, mask: 0xfff0007f },
  FCVT_D_W: { format: "XFR", match: 0xd2000053, mask: 0xfff0007f },
  FCVT_WU_D: { format: "FXR", match: 0xc2100053, mask: 0xfff0007f },
  FCVT_D_WU: { format: "XFR", match: 0xd2100053, mask: 0xfff0007f },
  FCVT_L_D: { format: "FXR", match: 0xc2200053, mask: 0xfff0007f },
  FCVT_D_L: { format: "XFR", match: 0xd2200053, mask: 0xfff0007f },
  FCVT_LU_D: { format: "FXR", match: 0xc2300053, mask: 0xfff0007f },
  FCVT_D_LU: { format: "XFR", match: 0xd2300053, mask: 0xfff0007f },
  FCVT_S_D: { format: "F1", match: 0x40100053, mask: 0xfff0007f },
  FCVT_D_S: { format: "F1", match: 0x42000053, mask: 0xfff0007f },
} satisfies Record<string, Encoding>;

export type Mnemonic = keyof typeof ENCODINGS;

export interface Operands {
  rd?: number;
  rs1?: number;
  rs2?: number;
  rs3?: number;
  /** Signed; U: the upper 20 bits in their place; Shift: the amount; Csr: the number. */
  imm?: number;
  rm?: number;
}

/** Formats whose funct3 is a rounding mode. */
export const ROUNDED: ReadonlySet<Format> = new Set(["R4", "FR", "F1", "FXR", "XFR"]);

const bits = (value: number, high: number, low: number): number => (value >>> low) & (2 ** (high - low + 1) - 1);

const immediate = (format: Format, imm: number): number => {
  switch (format) {
    case "I":
    case "FI":
    case "Shift":
    case "ShiftW":
    case "Csr":
      return imm << 20;
    case "S":
    case "FS":
      return (bits(imm, 11, 5) << 25) | (bits(imm, 4, 0) << 7);
    case "B":
      return (bits(imm, 12, 12) << 31) | (bits(imm, 10, 5) << 25) | (bits(imm, 4, 1) << 8) | (bits(imm, 11, 11) << 7);
    case "U":
      return imm & 0xfffff000;
    case "J":
      return (
        (bits(imm, 20, 20) << 31) | (bits(imm, 10, 1) << 21) | (bits(imm, 11, 11) << 20) | (bits(imm, 19, 12) << 12)
      );
    default:
      return 0;
  }
};

/** The instruction as an unsigned 32-bit number. Fields that the instruction does not have are ignored. */
export const encode = (name: Mnemonic, operands: Operands = {}): number => {
  const { format, match, mask } = ENCODINGS[name];
  const { rd = 0, rs1 = 0, rs2 = 0, rs3 = 0, imm = 0, rm = 7 } = operands;
  const fields =
    format === "None" ? 0 : (rd << 7) | (rs1 << 15) | (rs2 << 20) | (rs3 << 27) | (ROUNDED.has(format) ? rm << 12 : 0);
  const hasImmediate = "I S B U J FI FS Shift ShiftW Csr".split(" ").includes(format);
  const word = hasImmediate ? withImmediate(format, rd, rs1, rs2, imm) : fields;
  return (match | (word & ~mask)) >>> 0;
};

const withImmediate = (format: Format, rd: number, rs1: number, rs2: number, imm: number): number => {
  const value = immediate(format, imm);
  if (format === "U" || format === "J") return value | (rd << 7);
  if (format === "S" || format === "B" || format === "FS") return value | (rs1 << 15) | (rs2 << 20);
  return value | (rd << 7) | (rs1 << 15);
};

/** The instruction that a word is, or undefined: illegal. */
export const mnemonicOf = (word: number): Mnemonic | undefined => {
  for (const [name, { format, match, mask }] of Object.entries(ENCODINGS)) {
    if ((word & mask) >>> 0 !== match) continue;
    // Rounding modes 5 and 6 are reserved.
    const rm = (word >>> 12) & 7;
    if (ROUNDED.has(format as Format) && (rm === 5 || rm === 6)) return undefined;
    return name as Mnemonic;
  }
  return undefined;
};
