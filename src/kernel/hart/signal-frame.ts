/** The frame that a signal puts on a riscv64 program's stack, and takes away again (arch/riscv/kernel/signal.c). */
import type { SignalInfo } from "../../../abi/program.ts";
import { SA_ONSTACK, type Sigaction, SS_DISABLE, siginfoFault } from "../../../abi/signal.ts";
import { rtSigframe } from "../../../abi/ucontext.ts";
import { siginfoBytes } from "../siginfo.ts";
import { type HartContext, REG_A0, REG_A1, REG_A2, REG_RA, REG_SP } from "./context.ts";

const ALIGN = 16;
/** frm and fflags: what the hart keeps of a word written to fcsr. */
const FCSR_MASK = 0xff;

/** What is copied to and from the program's memory; false: it cannot be reached. */
export interface FrameMemory {
  copyToUser(to: number, from: Uint8Array): number;
  copyFromUser(into: Uint8Array, from: number): number;
}

/** An alternate stack (sigaltstack): none when its size is 0. */
export interface AlternateStack {
  readonly start: number;
  readonly size: number;
}

/** Enters the handler; false: there is no room for the frame, and the process gets SIGSEGV. */
export const pushSignalFrame = (
  memory: FrameMemory,
  context: HartContext,
  action: Sigaction,
  info: SignalInfo,
  blocked: bigint,
  trampoline: number,
  alternate: AlternateStack,
): boolean => {
  const sp = context.number(REG_SP);
  const isOnAlternate = (va: number): boolean => va > alternate.start && va <= alternate.start + alternate.size;
  const onAlternate = isOnAlternate(sp);
  // get_sigframe: "If we are on the alternate signal stack and would overflow it, don't."
  if (onAlternate && !isOnAlternate(sp - rtSigframe.size)) return false;
  const useAlternate = (action.sa_flags & SA_ONSTACK) !== 0 && alternate.size > 0 && !onAlternate;
  const top = useAlternate ? alternate.start + alternate.size : sp;
  const at = Math.floor((top - rtSigframe.size) / ALIGN) * ALIGN;
  const bytes = rtSigframe.encode({
    uc: {
      uc_sigmask: blocked,
      uc_stack: { ss_sp: alternate.start, ss_size: alternate.size, ss_flags: alternate.size === 0 ? SS_DISABLE : 0 },
      uc_mcontext: {
        sc_regs: [BigInt.asUintN(64, BigInt(context.pc)), ...context.x.subarray(1)],
        sc_fpregs: [...context.f],
        fcsr: context.fcsr,
      },
    },
  });
  bytes.set(siginfoBytes(info), rtSigframe.offsets.info);
  if (memory.copyToUser(at, bytes) !== 0) return false;
  context.set(REG_SP, at);
  context.set(REG_RA, trampoline);
  context.set(REG_A0, info.signo);
  context.set(REG_A1, at);
  context.set(REG_A2, at + siginfoFault.size);
  context.pc = action.sa_handler;
  return true;
};

/** rt_sigreturn(2): the registers as they were; the mask as it was, or null: the frame cannot be read. */
export const popSignalFrame = (memory: FrameMemory, context: HartContext): bigint | null => {
  const bytes = new Uint8Array(rtSigframe.size);
  if (memory.copyFromUser(bytes, context.number(REG_SP)) !== 0) return null;
  const { uc_sigmask, uc_mcontext } = rtSigframe.read(bytes).uc;
  const [pc, ...x] = uc_mcontext.sc_regs;
  context.pc = Number(BigInt.asIntN(64, pc!));
  x.forEach((value, i) => {
    context.x[i + 1] = value;
  });
  uc_mcontext.sc_fpregs.forEach((value, i) => {
    context.f[i] = value;
  });
  context.fcsr = uc_mcontext.fcsr & FCSR_MASK;
  return uc_sigmask;
};
