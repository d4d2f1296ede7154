/**
 * clone(2), clone3(2) as fork(2), vfork(2) and posix_spawn(3) use them (kernel/fork.c of Linux 6.12).
 *
 * Not modelled: threads. CLONE_VM goes with CLONE_VFORK alone: the parent waits, so that one of the two runs.
 */
import { E2BIG, EFAULT, EINVAL, ENOSYS } from "../../abi/errno.ts";
import {
  CLONE_CHILD_CLEARTID,
  CLONE_CHILD_SETTID,
  CLONE_PARENT_SETTID,
  CLONE_VFORK,
  CLONE_VM,
  CSIGNAL,
  cloneArgs,
} from "../../abi/sched.ts";
import { SIGCHLD, SIGKILL, sigmask } from "../../abi/signal.ts";
import { SYS_clone, SYS_clone3 } from "../../abi/syscalls.ts";
import { PAGE_SIZE } from "../../devices/drivers/vm.ts";
import { type CloneRequest, copyProcess } from "./clone.ts";
import type { Core, SystemCall } from "./core.ts";
import { Task } from "./task.ts";

const KNOWN = CLONE_VFORK | CLONE_VM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID;
const ALL_BUT_KILL = (1n << 64n) - 1n - sigmask(SIGKILL);

const clone = (core: Core, request: CloneRequest, signal: number): number => {
  const { current } = core;
  const { flags } = request;
  const call = current.call!;
  if (call.state instanceof Task) return waitForVfork(core, call.state);
  if ((flags & ~KNOWN) !== 0) return -ENOSYS;
  if ((flags & CLONE_VM) !== 0 && (flags & CLONE_VFORK) === 0) return -ENOSYS;
  if (signal !== SIGCHLD) return -EINVAL;
  if (current.image?.canFork !== true) return -ENOSYS;
  const child = copyProcess(core, request);
  if (typeof child === "number" || (flags & CLONE_VFORK) === 0) return typeof child === "number" ? child : child.pid;
  call.state = child;
  return waitForVfork(core, child);
};

/** "the calling process is suspended until the child releases its virtual memory resources", clone(2): only SIGKILL ends it. */
const waitForVfork = (core: Core, child: Task): number => {
  if (child.vforkDone === null) return child.pid;
  core.current.savedMask ??= core.current.blocked;
  core.current.blocked = ALL_BUT_KILL;
  return core.sleepOn(child.vforkDone);
};

const sysClone: SystemCall = (core, flags, stack, parentTid, _tls, childTid) =>
  clone(core, { flags: flags & ~CSIGNAL, stack, parentTid, childTid, clearHandlers: false }, flags & CSIGNAL);

/** CLONE_ARGS_SIZE_VER0. */
const FIRST_SIZE = 64;
const HIGH = 2 ** 32;

const readArguments = (core: Core, pointer: number, size: number) => {
  if (size > PAGE_SIZE || size < 0) return -E2BIG;
  if (size < FIRST_SIZE) return -EINVAL;
  const bytes = new Uint8Array(size);
  if (core.copyFromUser(bytes, pointer) !== 0) return -EFAULT;
  // copy_struct_from_user: what this kernel does not know must be zero.
  if (bytes.subarray(cloneArgs.size).some((byte) => byte !== 0)) return -E2BIG;
  const all = new Uint8Array(cloneArgs.size);
  all.set(bytes.subarray(0, cloneArgs.size));
  return cloneArgs.read(all);
};

const sysClone3: SystemCall = (core, pointer, size) => {
  const args = readArguments(core, pointer, size);
  if (typeof args === "number") return args;
  // clone3_args_valid: the signal has a field of its own, a stack its size.
  if (args.exit_signal > 64 || (args.flags & CSIGNAL) !== 0) return -EINVAL;
  if ((args.stack === 0) !== (args.stack_size === 0)) return -EINVAL;
  if (args.set_tid !== 0 || args.set_tid_size !== 0) return -ENOSYS;
  const high = Math.floor(args.flags / HIGH);
  if (high > 1) return -EINVAL;
  const request = {
    flags: args.flags | 0,
    stack: args.stack === 0 ? 0 : args.stack + args.stack_size,
    parentTid: args.parent_tid,
    childTid: args.child_tid,
    clearHandlers: high === 1,
  };
  return clone(core, request, args.exit_signal);
};

export const cloneSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_clone]: sysClone,
  [SYS_clone3]: sysClone3,
};
