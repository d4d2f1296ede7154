/** What a signal handler of a riscv64 program finds on its stack: asm/ucontext.h, asm/sigcontext.h of Linux 6.12. */
import { siginfoFault, stackT } from "./signal.ts";
import { array, bits64, defineStruct, u8, u32, u64 } from "./struct.ts";

/** struct sigcontext: pc and x1 … x31, then the D state in the room that the Q extension would need. */
export const sigcontext = defineStruct({
  /** pc, then x1 … x31. */
  sc_regs: array(bits64, 32),
  sc_fpregs: array(bits64, 32),
  fcsr: u32,
  __reserved: array(u8, 528 - 256 - 4),
});

/** struct ucontext: uc_mcontext is aligned to 16 bytes, and 1024 bits are kept for a larger sigset_t. */
export const ucontext = defineStruct({
  uc_flags: u64,
  uc_link: u64,
  uc_stack: stackT,
  uc_sigmask: bits64,
  __unused: array(u8, 1024 / 8 - 8),
  __align: u64,
  uc_mcontext: sigcontext,
});

/** struct rt_sigframe. */
export const rtSigframe = defineStruct({ info: siginfoFault, uc: ucontext });
