/**
 * Floating point, numbers of the RISC-V unprivileged specification, "F" § "Floating-Point Control and Status Register":
 * the exception flags of fflags and the rounding modes of an instruction's rm field and of frm.
 */
export const FFLAG_NX = 0x01;
export const FFLAG_UF = 0x02;
export const FFLAG_OF = 0x04;
export const FFLAG_DZ = 0x08;
export const FFLAG_NV = 0x10;

/** To nearest, ties to even; towards zero; down; up; to nearest, ties away from zero. */
export const RM_RNE = 0;
export const RM_RTZ = 1;
export const RM_RDN = 2;
export const RM_RUP = 3;
export const RM_RMM = 4;
