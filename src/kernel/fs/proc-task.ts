/** Files of /proc/<pid> about the process itself (fs/proc/array.c, task_mmu.c, base.c of Linux 6.12; proc(5)). */
import {
  RLIM_NLIMITS,
  RLIMIT_AS,
  RLIMIT_CORE,
  RLIMIT_CPU,
  RLIMIT_DATA,
  RLIMIT_FSIZE,
  RLIMIT_LOCKS,
  RLIMIT_MEMLOCK,
  RLIMIT_MSGQUEUE,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  RLIMIT_NPROC,
  RLIMIT_RSS,
  RLIMIT_RTPRIO,
  RLIMIT_RTTIME,
  RLIMIT_SIGPENDING,
  RLIMIT_STACK,
} from "../../../abi/resource.ts";
import { _NSIG, SIG_DFL, SIG_IGN, sigmask } from "../../../abi/signal.ts";
import { USER_HZ } from "../../../abi/time.ts";
import { PAGE_SIZE, VM_EXEC, VM_GROWSDOWN, VM_LOCKED, VM_WRITE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import { residentSize } from "../maps.ts";
import type { Task } from "../task.ts";
import { SECOND } from "../time-value.ts";

const STATES = { running: "R (running)", sleeping: "S (sleeping)", stopped: "T (stopped)", zombie: "Z (zombie)" };
const ticks = (nanoseconds: number): number => Math.floor(nanoseconds / (SECOND / USER_HZ));

interface Sizes {
  readonly total: number;
  readonly resident: number;
  readonly data: number;
  readonly stack: number;
  readonly code: number;
  readonly locked: number;
}

/** Bytes by kind. A process that has ended has no memory. */
const sizesOf = (task: Task): Sizes => {
  const sizes = { total: 0, resident: 0, data: 0, stack: 0, code: 0, locked: 0 };
  if (task.state === "zombie") return sizes;
  for (const vma of task.mm.vmas) {
    const length = vma.end - vma.start;
    sizes.total += length;
    sizes.resident += residentSize(task.mm, vma);
    if ((vma.flags & VM_GROWSDOWN) !== 0) sizes.stack += length;
    else if ((vma.flags & VM_EXEC) !== 0) sizes.code += length;
    else if ((vma.flags & VM_WRITE) !== 0) sizes.data += length;
    if ((vma.flags & VM_LOCKED) !== 0) sizes.locked += length;
  }
  return sizes;
};

/** /proc/<pid>/stat, proc_pid_stat(5): 52 fields, of which those are filled that a process here has. */
export const formatStat = (core: Core, task: Task): string => {
  const { total, resident } = sizesOf(task);
  const fields: (number | string)[] = Array.from({ length: 52 }, () => 0);
  const put = (field: number, value: number | string): void => {
    fields[field - 1] = value;
  };
  put(1, task.pid);
  put(2, `(${task.comm})`);
  put(3, STATES[task.state][0]!);
  put(4, task.parent?.pid ?? 0);
  put(5, task.pgid);
  put(6, task.sid);
  put(8, -1);
  put(10, task.mm.minorFaults + task.earlierFaults.minor);
  put(11, task.childrenUsage.minorFaults);
  put(12, task.mm.majorFaults + task.earlierFaults.major);
  put(13, task.childrenUsage.majorFaults);
  put(14, ticks(task.cpuTime));
  put(16, ticks(task.childrenUsage.cpuTime));
  put(18, 20 + task.attributes.nice);
  put(19, task.attributes.nice);
  put(20, 1);
  put(22, ticks(task.started));
  put(23, total);
  put(24, resident / PAGE_SIZE);
  put(25, core.pages.total * PAGE_SIZE);
  put(28, task.mm.layout?.startStack ?? 0);
  put(41, task.attributes.policy);
  return `${fields.join(" ")}\n`;
};

/** "size resident shared text lib data dt", in pages. */
export const formatStatm = (task: Task): string => {
  const { total, resident, code, data, stack } = sizesOf(task);
  const pages = (bytes: number): number => bytes / PAGE_SIZE;
  return `${pages(total)} ${pages(resident)} 0 ${pages(code)} 0 ${pages(data + stack)} 0\n`;
};

const set = (mask: bigint): string => BigInt.asUintN(64, mask).toString(16).padStart(16, "0");
const signalsWhere = (wanted: (signo: number) => boolean): bigint => {
  let mask = 0n;
  for (let signo = 1; signo <= _NSIG; signo++) if (wanted(signo)) mask |= sigmask(signo);
  return mask;
};

/** /proc/<pid>/status, proc_pid_status(5). */
export const formatStatus = (task: Task): string => {
  const { user, group, groups } = task.cred;
  const ids = ({ real, effective, saved, fs }: typeof user): string => [real, effective, saved, fs].join("\t");
  const sizes = sizesOf(task);
  const kilobytes = (name: string, bytes: number): string =>
    `${name}:\t${String(Math.ceil(bytes / 1024)).padStart(8)} kB\n`;
  const handler = (signo: number): number => task.actions[signo]!.sa_handler;
  const pending = task.pending.reduce((mask, { signo }) => mask | sigmask(signo), 0n);
  const capabilities = task.cred.isPrivileged ? "000001ffffffffff" : "0000000000000000";
  const memory = [
    kilobytes("VmSize", sizes.total),
    kilobytes("VmLck", sizes.locked),
    kilobytes("VmRSS", sizes.resident),
    kilobytes("VmData", sizes.data),
    kilobytes("VmStk", sizes.stack),
    kilobytes("VmExe", sizes.code),
  ];
  return [
    `Name:\t${task.comm}\n`,
    `Umask:\t${task.fs.umask.toString(8).padStart(4, "0")}\n`,
    `State:\t${STATES[task.state]}\n`,
    `Tgid:\t${task.pid}\nNgid:\t0\nPid:\t${task.pid}\nPPid:\t${task.parent?.pid ?? 0}\nTracerPid:\t0\n`,
    `Uid:\t${ids(user)}\nGid:\t${ids(group)}\n`,
    `FDSize:\t${Math.max(64, task.files.size)}\n`,
    `Groups:\t${groups.map((id) => `${id} `).join("")}\n`,
    ...(task.state === "zombie" ? [] : memory),
    "Threads:\t1\n",
    `SigQ:\t${task.pending.length}/${task.limits.soft(RLIMIT_SIGPENDING)}\n`,
    `SigPnd:\t${set(0n)}\nShdPnd:\t${set(pending)}\nSigBlk:\t${set(task.blocked)}\n`,
    `SigIgn:\t${set(signalsWhere((signo) => handler(signo) === SIG_IGN))}\n`,
    `SigCgt:\t${set(signalsWhere((signo) => handler(signo) !== SIG_IGN && handler(signo) !== SIG_DFL))}\n`,
    `CapInh:\t${set(0n)}\nCapPrm:\t${capabilities}\nCapEff:\t${capabilities}\n`,
    `NoNewPrivs:\t${task.attributes.noNewPrivs ? 1 : 0}\n`,
    "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n",
  ].join("");
};

const LIMIT_LINES: readonly (readonly [resource: number, name: string, unit: string])[] = [
  [RLIMIT_CPU, "Max cpu time", "seconds"],
  [RLIMIT_FSIZE, "Max file size", "bytes"],
  [RLIMIT_DATA, "Max data size", "bytes"],
  [RLIMIT_STACK, "Max stack size", "bytes"],
  [RLIMIT_CORE, "Max core file size", "bytes"],
  [RLIMIT_RSS, "Max resident set", "bytes"],
  [RLIMIT_NPROC, "Max processes", "processes"],
  [RLIMIT_NOFILE, "Max open files", "files"],
  [RLIMIT_MEMLOCK, "Max locked memory", "bytes"],
  [RLIMIT_AS, "Max address space", "bytes"],
  [RLIMIT_LOCKS, "Max file locks", "locks"],
  [RLIMIT_SIGPENDING, "Max pending signals", "signals"],
  [RLIMIT_MSGQUEUE, "Max msgqueue size", "bytes"],
  [RLIMIT_NICE, "Max nice priority", ""],
  [RLIMIT_RTPRIO, "Max realtime priority", ""],
  [RLIMIT_RTTIME, "Max realtime timeout", "us"],
];
if (LIMIT_LINES.length !== RLIM_NLIMITS) throw new Error("assert: a resource limit has no line in /proc/<pid>/limits");

/** proc_pid_limits(). */
export const formatLimits = (task: Task): string => {
  const line = (...[name, soft, hard, unit]: string[]): string =>
    `${name!.padEnd(25)} ${soft!.padEnd(20)} ${hard!.padEnd(20)} ${unit!.padEnd(10)}\n`;
  const text = (limit: number): string => (limit === Number.POSITIVE_INFINITY ? "unlimited" : String(limit));
  const lines = LIMIT_LINES.map(([resource, name, unit]) => {
    const { soft, hard } = task.limits.get(resource);
    return line(name, text(soft), text(hard), unit);
  });
  return line("Limit", "Soft Limit", "Hard Limit", "Units") + lines.join("");
};

/** The environment as it lies in the program's memory; a TypeScript program's is not there. */
export const readEnvironment = (core: Core, task: Task): Uint8Array => {
  const { layout } = task.mm;
  if (layout === null || task.state === "zombie") return new Uint8Array(0);
  const bytes = new Uint8Array(layout.envEnd - layout.envStart);
  const missed = core.withMm(task.mm, () => core.copyFromUser(bytes, layout.envStart));
  return bytes.subarray(0, bytes.length - missed);
};
