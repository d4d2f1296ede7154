/** siginfo_t, 128 bytes: which of its forms it has, si_signo and si_code tell (siginfo_layout of kernel/signal.c). */
import type { SignalInfo } from "../../abi/program.ts";
import {
  SI_KERNEL,
  SI_USER,
  SIGBUS,
  SIGCHLD,
  SIGFPE,
  SIGILL,
  SIGSEGV,
  SIGTRAP,
  siginfoChild,
  siginfoFault,
  siginfoKill,
} from "../../abi/signal.ts";

const FAULTS = new Set([SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV]);

export const siginfoBytes = (info: SignalInfo): Uint8Array => {
  const head = { si_signo: info.signo, si_code: info.code };
  const sender = { ...head, si_pid: info.pid ?? 0, si_uid: info.uid ?? 0 };
  const fromKernel = info.code > SI_USER && info.code < SI_KERNEL;
  if (fromKernel && FAULTS.has(info.signo)) return siginfoFault.encode({ ...head, si_addr: info.address });
  if (fromKernel && info.signo === SIGCHLD) return siginfoChild.encode({ ...sender, si_status: info.status ?? 0 });
  return siginfoKill.encode({ ...sender, si_value: info.value ?? 0 });
};

/** What rt_sigqueueinfo(2) is given. */
export const readSiginfo = (bytes: Uint8Array, signo: number): SignalInfo => {
  const { si_code, si_pid, si_uid, si_value } = siginfoKill.read(bytes);
  return { signo, code: si_code, address: 0, pid: si_pid, uid: si_uid, value: si_value };
};
