/**
 * The operations, numbered densely, and the record of a predecoded instruction: the contract between the decoder, the
 * interpreter and whoever compiles the same records.
 *
 *   ip       ┌───────────────┬───────────────┬───────────────┬───────────────┐
 *    +0x0    │ op            │ rd            │ rs1           │ rs2           │   u16 each
 *            ├───────────────┴───────────────┼───────────────┴───────────────┤
 *    +0x8    │ imm, i32                      │ jump, i32 or rs3, u16         │
 *            └───────────────────────────────┴───────────────────────────────┘
 *
 * op    0: not decoded yet. OP_… + OP_SHORT is the operation of a compressed instruction, 2 bytes long; all others are
 *       4 bytes long.
 * rd…   the register's byte offset in the register file (hart-layout.ts): 8 × slot; writes to x0 go to the sink.
 * imm   sign-extended where it is used. Shifts: the amount. CSR…: the CSR's number (CSRR.I: rs1 is the 5-bit value).
 *       OP_ILLEGAL: the instruction's bits. Floating point: the rounding mode.
 * jump  of OP_JAL and branches whose target lies in the same page: bytes from this record to the target's; else 0.
 * rs3   of the fused multiply-adds.
 *
 * A record stands at 16 bytes for each half-word of its page, so the next instruction's is 16 or 32 bytes on.
 */
export const RECORD_SIZE = 16;
export const RECORD_RD = 2;
export const RECORD_RS1 = 4;
export const RECORD_RS2 = 6;
export const RECORD_IMM = 8;
export const RECORD_JUMP = 12;
export const RECORD_RS3 = 12;

export const OP_UNDECODED = 0;

/** Operations with a compressed form, which is the operation + OP_SHORT. */
export const OP_ADDI = 1;
export const OP_ADDIW = 2;
export const OP_LI = 3;
export const OP_MV = 4;
export const OP_ANDI = 5;
export const OP_SLLI = 6;
export const OP_SRLI = 7;
export const OP_SRAI = 8;
export const OP_ADD = 9;
export const OP_SUB = 10;
export const OP_XOR = 11;
export const OP_OR = 12;
export const OP_AND = 13;
export const OP_ADDW = 14;
export const OP_SUBW = 15;
export const OP_LW = 16;
export const OP_LD = 17;
export const OP_SW = 18;
export const OP_SD = 19;
export const OP_FLD = 20;
export const OP_FSD = 21;
export const OP_JAL = 22;
export const OP_JALR = 23;
export const OP_BEQ = 24;
export const OP_BNE = 25;
export const OP_EBREAK = 26;
export const OP_ILLEGAL = 27;
export const OP_SHORT = 27;

/** Not an instruction: what stands behind a page's last record. */
export const OP_PAGE_END = 55;

/** Branches, and loads and stores, that have no compressed form. */
export const OP_BLT = 56;
export const OP_BGE = 57;
export const OP_BLTU = 58;
export const OP_BGEU = 59;
export const OP_AUIPC = 60;
export const OP_LB = 61;
export const OP_LH = 62;
export const OP_LBU = 63;
export const OP_LHU = 64;
export const OP_LWU = 65;
export const OP_SB = 66;
export const OP_SH = 67;
export const OP_FLW = 68;
export const OP_FSW = 69;

/** RV64I: the rest of the integer operations. */
export const OP_SLTI = 70;
export const OP_SLTIU = 71;
export const OP_XORI = 72;
export const OP_ORI = 73;
export const OP_SLL = 74;
export const OP_SLT = 75;
export const OP_SLTU = 76;
export const OP_SRL = 77;
export const OP_SRA = 78;
export const OP_SLLIW = 79;
export const OP_SRLIW = 80;
export const OP_SRAIW = 81;
export const OP_SLLW = 82;
export const OP_SRLW = 83;
export const OP_SRAW = 84;
export const OP_FENCE = 85;

/** M. */
export const OP_MUL = 86;
export const OP_MULH = 87;
export const OP_MULHSU = 88;
export const OP_MULHU = 89;
export const OP_DIV = 90;
export const OP_DIVU = 91;
export const OP_REM = 92;
export const OP_REMU = 93;
export const OP_MULW = 94;
export const OP_DIVW = 95;
export const OP_DIVUW = 96;
export const OP_REMW = 97;
export const OP_REMUW = 98;

/** D: arithmetic. The S operations follow in the same order. */
export const OP_FADD_D = 99;
export const OP_FSUB_D = 100;
export const OP_FMUL_D = 101;
export const OP_FDIV_D = 102;
export const OP_FSQRT_D = 103;
export const OP_FMADD_D = 104;
export const OP_FMSUB_D = 105;
export const OP_FNMSUB_D = 106;
export const OP_FNMADD_D = 107;
export const OP_FSGNJ_D = 108;
export const OP_FSGNJN_D = 109;
export const OP_FSGNJX_D = 110;
export const OP_FMIN_D = 111;
export const OP_FMAX_D = 112;
export const OP_FEQ_D = 113;
export const OP_FLT_D = 114;
export const OP_FLE_D = 115;
export const OP_FCLASS_D = 116;
export const OP_FCVT_W_D = 117;
export const OP_FCVT_WU_D = 118;
export const OP_FCVT_L_D = 119;
export const OP_FCVT_LU_D = 120;
export const OP_FCVT_D_W = 121;
export const OP_FCVT_D_WU = 122;
export const OP_FCVT_D_L = 123;
export const OP_FCVT_D_LU = 124;
export const OP_FMV_X_D = 125;
export const OP_FMV_D_X = 126;
export const OP_FCVT_D_S = 127;

/** S. */
export const OP_FADD_S = 128;
export const OP_FSUB_S = 129;
export const OP_FMUL_S = 130;
export const OP_FDIV_S = 131;
export const OP_FSQRT_S = 132;
export const OP_FMADD_S = 133;
export const OP_FMSUB_S = 134;
export const OP_FNMSUB_S = 135;
export const OP_FNMADD_S = 136;
export const OP_FSGNJ_S = 137;
export const OP_FSGNJN_S = 138;
export const OP_FSGNJX_S = 139;
export const OP_FMIN_S = 140;
export const OP_FMAX_S = 141;
export const OP_FEQ_S = 142;
export const OP_FLT_S = 143;
export const OP_FLE_S = 144;
export const OP_FCLASS_S = 145;
export const OP_FCVT_W_S = 146;
export const OP_FCVT_WU_S = 147;
export const OP_FCVT_L_S = 148;
export const OP_FCVT_LU_S = 149;
export const OP_FCVT_S_W = 150;
export const OP_FCVT_S_WU = 151;
export const OP_FCVT_S_L = 152;
export const OP_FCVT_S_LU = 153;
export const OP_FMV_X_S = 154;
export const OP_FMV_S_X = 155;
export const OP_FCVT_S_D = 156;

/** A: the 32-bit operations; the 64-bit ones follow in the same order. */
export const OP_LR_W = 157;
export const OP_SC_W = 158;
export const OP_AMOSWAP_W = 159;
export const OP_AMOADD_W = 160;
export const OP_AMOXOR_W = 161;
export const OP_AMOAND_W = 162;
export const OP_AMOOR_W = 163;
export const OP_AMOMIN_W = 164;
export const OP_AMOMAX_W = 165;
export const OP_AMOMINU_W = 166;
export const OP_AMOMAXU_W = 167;
export const OP_LR_D = 168;
export const OP_SC_D = 169;
export const OP_AMOSWAP_D = 170;
export const OP_AMOADD_D = 171;
export const OP_AMOXOR_D = 172;
export const OP_AMOAND_D = 173;
export const OP_AMOOR_D = 174;
export const OP_AMOMIN_D = 175;
export const OP_AMOMAX_D = 176;
export const OP_AMOMINU_D = 177;
export const OP_AMOMAXU_D = 178;

/** Instructions after which another may follow than the next, or the same be fetched anew. */
export const OP_FENCE_I = 179;
export const OP_CSRRW = 180;
export const OP_CSRRS = 181;
export const OP_CSRRC = 182;
export const OP_CSRRWI = 183;
export const OP_CSRRSI = 184;
export const OP_CSRRCI = 185;
export const OP_ECALL = 186;
export const OP_MRET = 187;
export const OP_SRET = 188;
export const OP_WFI = 189;
export const OP_SFENCE_VMA = 190;

/** Not an instruction: what stands in the place of one that goes on on the next page. */
export const OP_STRADDLE = 191;

export const OPERATIONS = 192;
