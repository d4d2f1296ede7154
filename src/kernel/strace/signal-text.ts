/** Signals as strace shows them: numbers, sets, struct sigaction, and the lines of delivery and death. */

import type { SignalInfo } from "../../../abi/program.ts";
import {
  BUS_ADRALN,
  BUS_ADRERR,
  BUS_MCEERR_AO,
  BUS_MCEERR_AR,
  BUS_OBJERR,
  CLD_CONTINUED,
  CLD_DUMPED,
  CLD_EXITED,
  CLD_KILLED,
  CLD_STOPPED,
  CLD_TRAPPED,
  FPE_FLTDIV,
  FPE_FLTINV,
  FPE_FLTOVF,
  FPE_FLTRES,
  FPE_FLTSUB,
  FPE_FLTUND,
  FPE_INTDIV,
  FPE_INTOVF,
  ILL_BADSTK,
  ILL_COPROC,
  ILL_ILLADR,
  ILL_ILLOPC,
  ILL_ILLOPN,
  ILL_ILLTRP,
  ILL_PRVOPC,
  ILL_PRVREG,
  SA_NOCLDSTOP,
  SA_NOCLDWAIT,
  SA_NODEFER,
  SA_ONSTACK,
  SA_RESETHAND,
  SA_RESTART,
  SA_SIGINFO,
  SEGV_ACCERR,
  SEGV_BNDERR,
  SEGV_MAPERR,
  SEGV_PKUERR,
  SI_ASYNCIO,
  SI_KERNEL,
  SI_MESGQ,
  SI_QUEUE,
  SI_SIGIO,
  SI_TIMER,
  SI_TKILL,
  SI_USER,
  SIG_DFL,
  SIG_ERR,
  SIG_IGN,
  SIGBUS,
  SIGCHLD,
  SIGFPE,
  SIGILL,
  SIGRTMAX,
  SIGSEGV,
  SIGSET_SIZE,
  SIGTRAP,
  type Sigaction,
  sigmask,
  signalName,
  TRAP_BRANCH,
  TRAP_BRKPT,
  TRAP_HWBKPT,
  TRAP_TRACE,
} from "../../../abi/signal.ts";
import { type Argument, type CallView, register } from "./arguments.ts";
import { address, flagText, type NameTable, signed32 } from "./text.ts";

/** A signal number that has no name is shown as the number. */
export const signal: Argument = { text: (_, value) => signalName(Number(signed32(value))) };

/** A set is shown by what is missing when two thirds of all 64 are in it: "~[KILL STOP]". */
const MOST = Math.floor((64 * 2) / 3);

function signalSetText(set: bigint): string {
  const all = Array.from({ length: SIGRTMAX }, (_, i) => i + 1);
  const inside = all.filter((signo) => (set & sigmask(signo)) !== 0n);
  const inverted = inside.length >= MOST;
  const listed = inverted ? all.filter((signo) => !inside.includes(signo)) : inside;
  return `${inverted ? "~" : ""}[${listed.map((signo) => signalName(signo).replace("SIG", "")).join(" ")}]`;
}

export function signalSetAt({ reader }: CallView, va: number): string {
  const bytes = va === 0 ? null : reader.read(va, SIGSET_SIZE);
  if (bytes === null) return address(va);
  return signalSetText(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

/** `const sigset_t *`, whose size is in register `sizeIn`. */
export const signalSet = (sizeIn: number): Argument => ({
  text: (call, value) => (register(call, sizeIn) === SIGSET_SIZE ? signalSetAt(call, value) : address(value)),
});

const ACTION_FLAGS = {
  SA_ONSTACK,
  SA_RESTART,
  SA_NODEFER,
  SA_RESETHAND,
  SA_SIGINFO,
  SA_NOCLDSTOP,
  SA_NOCLDWAIT,
};

export function showSigaction({ sa_handler, sa_flags, sa_mask }: Sigaction): string {
  const known = Object.entries({ SIG_DFL, SIG_IGN, SIG_ERR }).find(([, value]) => value === sa_handler);
  const handler = known === undefined ? address(sa_handler) : known[0];
  return `{sa_handler=${handler}, sa_mask=${signalSetText(sa_mask)}, sa_flags=${flagText(ACTION_FLAGS, "SA_???", sa_flags)}}`;
}

const ANY_CODES: NameTable = { SI_USER, SI_KERNEL, SI_QUEUE, SI_TIMER, SI_MESGQ, SI_ASYNCIO, SI_SIGIO, SI_TKILL };
const CODES: Readonly<Record<number, NameTable>> = {
  [SIGSEGV]: { SEGV_MAPERR, SEGV_ACCERR, SEGV_BNDERR, SEGV_PKUERR },
  [SIGBUS]: { BUS_ADRALN, BUS_ADRERR, BUS_OBJERR, BUS_MCEERR_AR, BUS_MCEERR_AO },
  [SIGILL]: { ILL_ILLOPC, ILL_ILLOPN, ILL_ILLADR, ILL_ILLTRP, ILL_PRVOPC, ILL_PRVREG, ILL_COPROC, ILL_BADSTK },
  [SIGFPE]: { FPE_INTDIV, FPE_INTOVF, FPE_FLTDIV, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES, FPE_FLTINV, FPE_FLTSUB },
  [SIGTRAP]: { TRAP_BRKPT, TRAP_TRACE, TRAP_BRANCH, TRAP_HWBKPT },
  [SIGCHLD]: { CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED },
};

/** "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---" */
export function formatSignal(info: SignalInfo): string {
  return `--- ${signalName(info.signo)} ${formatSiginfo(info)} ---`;
}

/** "{si_signo=SIGUSR1, si_code=SI_USER, si_pid=5, si_uid=0}" */
export function formatSiginfo(info: SignalInfo): string {
  const name = signalName(info.signo);
  const codes = { ...ANY_CODES, ...CODES[info.signo] };
  const code = Object.entries(codes).find(([, value]) => value === info.code)?.[0] ?? String(info.code);
  const fields = [`si_signo=${name}`, `si_code=${code}`, ...senderFields(info), ...childFields(info)];
  return `{${fields.join(", ")}}`;
}

const FAULTS = new Set([SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP]);

/** Everybody is root. */
function senderFields({ signo, code, address: va, pid }: SignalInfo): string[] {
  if (FAULTS.has(signo) && code > SI_USER) return [`si_addr=${address(va)}`];
  return pid === undefined ? [] : [`si_pid=${pid}`, "si_uid=0"];
}

function childFields({ signo, code, status }: SignalInfo): string[] {
  if (signo !== SIGCHLD || code <= SI_USER || status === undefined) return [];
  return [`si_status=${code === CLD_EXITED ? status : signalName(status)}`, "si_utime=0", "si_stime=0"];
}

/** "+++ exited with 3 +++" or "+++ killed by SIGSEGV +++". */
export const formatExit = (status: { readonly code: number } | { readonly signal: number }): string =>
  "code" in status ? `+++ exited with ${status.code} +++` : `+++ killed by ${signalName(status.signal)} +++`;
