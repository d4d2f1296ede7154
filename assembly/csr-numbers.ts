/**
 * CSR numbers ("Zicsr" § "CSR Address Mapping Conventions", privileged § "CSR Listing"): the ones this hart has.
 * Bits 9..8 are the lowest privilege that may use it; bits 11..10 both set: read-only.
 */
export const CSR_FFLAGS = 0x001;
export const CSR_FRM = 0x002;
export const CSR_FCSR = 0x003;
export const CSR_SSTATUS = 0x100;
export const CSR_SIE = 0x104;
export const CSR_STVEC = 0x105;
export const CSR_SCOUNTEREN = 0x106;
export const CSR_SENVCFG = 0x10a;
export const CSR_SSCRATCH = 0x140;
export const CSR_SEPC = 0x141;
export const CSR_SCAUSE = 0x142;
export const CSR_STVAL = 0x143;
export const CSR_SIP = 0x144;
export const CSR_STIMECMP = 0x14d;
export const CSR_SATP = 0x180;
export const CSR_MSTATUS = 0x300;
export const CSR_MISA = 0x301;
export const CSR_MEDELEG = 0x302;
export const CSR_MIDELEG = 0x303;
export const CSR_MIE = 0x304;
export const CSR_MTVEC = 0x305;
export const CSR_MCOUNTEREN = 0x306;
export const CSR_MENVCFG = 0x30a;
export const CSR_MCOUNTINHIBIT = 0x320;
/** mhpmevent3 to mhpmevent31. */
export const CSR_MHPMEVENT3 = 0x323;
export const CSR_MSCRATCH = 0x340;
export const CSR_MEPC = 0x341;
export const CSR_MCAUSE = 0x342;
export const CSR_MTVAL = 0x343;
export const CSR_MIP = 0x344;
/** pmpcfg0 to pmpcfg15 (the even ones), pmpaddr0 to pmpaddr63. */
export const CSR_PMPCFG0 = 0x3a0;
export const CSR_PMPADDR0 = 0x3b0;
export const CSR_PMP_END = 0x3f0;
export const CSR_MCYCLE = 0xb00;
export const CSR_MINSTRET = 0xb02;
/** mhpmcounter3 to mhpmcounter31. */
export const CSR_MHPMCOUNTER3 = 0xb03;
export const CSR_CYCLE = 0xc00;
export const CSR_TIME = 0xc01;
export const CSR_INSTRET = 0xc02;
export const CSR_MVENDORID = 0xf11;
export const CSR_MARCHID = 0xf12;
export const CSR_MIMPID = 0xf13;
export const CSR_MHARTID = 0xf14;
export const CSR_MCONFIGPTR = 0xf15;

/** mstatus and sstatus (§ "Machine Status (mstatus and mstatush) Registers"); all below bit 32. */
export const STATUS_SIE = 0x2;
export const STATUS_MIE = 0x8;
export const STATUS_SPIE = 0x20;
export const STATUS_MPIE = 0x80;
export const STATUS_SPP = 0x100;
export const STATUS_MPP_SHIFT = 11;
export const STATUS_MPP = 0x1800;
export const STATUS_FS_SHIFT = 13;
export const STATUS_FS = 0x6000;
export const STATUS_MPRV = 0x2_0000;
export const STATUS_SUM = 0x4_0000;
export const STATUS_MXR = 0x8_0000;
export const STATUS_TVM = 0x10_0000;
export const STATUS_TW = 0x20_0000;
export const STATUS_TSR = 0x40_0000;

/** mip and mie: software, timer and external interrupts of S and of M. The bit's number is the cause. */
export const IRQ_SSI = 0x002;
export const IRQ_MSI = 0x008;
export const IRQ_STI = 0x020;
export const IRQ_MTI = 0x080;
export const IRQ_SEI = 0x200;
export const IRQ_MEI = 0x800;
