/** System calls of programs on the hart: execve, the return from a signal handler, the alternate signal stack. */
import { E2BIG, EFAULT, EINVAL, ELOOP, ENOMEM, EPERM } from "../../abi/errno.ts";
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, PATH_MAX } from "../../abi/fcntl.ts";
import { SS_DISABLE, SS_ONSTACK, stackT } from "../../abi/signal.ts";
import { S_ISLNK } from "../../abi/stat.ts";
import { SYS_execve, SYS_execveat, SYS_rt_sigreturn, SYS_sigaltstack } from "../../abi/syscalls.ts";
import type { Core, SystemCall } from "./core.ts";
import { encodeName } from "./fs/names.ts";
import { lookupAt } from "./fs/sys-file-path.ts";
import { REG_SP } from "./hart/context.ts";
import { HartImage } from "./hart/hart-image.ts";

/** "the limit on the size of a single string is … 32 pages", execve(2). */
const STRING_MOST = 32 * 4096;
const STRINGS_MOST = 0x20_0000;
const MINSIGSTKSZ = 2048;

/** A vector of pointers to strings that NULL ends; a null vector is an empty one, as on Linux. */
const readVector = (core: Core, vector: number): Uint8Array[] | number => {
  const strings: Uint8Array[] = [];
  let total = 0;
  for (let at = vector; vector !== 0; at += 8) {
    const word = new Uint8Array(8);
    if (core.copyFromUser(word, at) !== 0) return -EFAULT;
    const pointer = Number(new DataView(word.buffer).getBigInt64(0, true));
    if (pointer === 0) break;
    const text = core.strncpyFromUser(pointer, STRING_MOST);
    if (typeof text === "number") return text === -EFAULT ? -EFAULT : -E2BIG;
    const bytes = encodeName(text);
    total += bytes.length + 9;
    if (total > STRINGS_MOST) return -E2BIG;
    strings.push(bytes);
  }
  return strings;
};

const sysExecve: SystemCall = (core, pathPointer, argvPointer, envPointer) => {
  const path = core.strncpyFromUser(pathPointer, PATH_MAX);
  return typeof path === "number" ? path : execute(core, path, argvPointer, envPointer);
};

/** "the pathname … is interpreted relative to the directory referred to by dirfd"; a program sees it as Linux shows it. */
const sysExecveat: SystemCall = (core, dirfdArgument, pathPointer, argvPointer, envPointer, flagsArgument) => {
  const [dirfd, flags] = [dirfdArgument | 0, flagsArgument | 0];
  // "EINVAL: Invalid flag specified in flags."
  if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) !== 0) return -EINVAL;
  const emptyAllowed = (flags & AT_EMPTY_PATH) !== 0;
  const follow = (flags & AT_SYMLINK_NOFOLLOW) === 0;
  const found = lookupAt(core, dirfd, pathPointer, follow, emptyAllowed);
  if (typeof found === "number") return found;
  // "ELOOP: flags includes AT_SYMLINK_NOFOLLOW and the file identified by dirfd and pathname is a symbolic link."
  if (S_ISLNK(found.inode.mode)) return -ELOOP;
  const path = core.strncpyFromUser(pathPointer, PATH_MAX);
  if (typeof path === "number") return path;
  const own = path.startsWith("/") || dirfd === AT_FDCWD;
  const name = own ? path : path === "" ? `/dev/fd/${dirfd}` : `/dev/fd/${dirfd}/${path}`;
  return execute(core, name, argvPointer, envPointer);
};

const execute = (core: Core, path: string, argvPointer: number, envPointer: number): number => {
  const argv = readVector(core, argvPointer);
  if (typeof argv === "number") return argv;
  const env = readVector(core, envPointer);
  if (typeof env === "number") return env;
  // Linux 5.18 and later: a program always has a name.
  return core.exec(core.current, { path, argv: argv.length === 0 ? [new Uint8Array(0)] : argv, env });
};

const sysRtSigreturn: SystemCall = (core) => {
  const { image } = core.current;
  return image instanceof HartImage ? image.sigreturn() : -EINVAL;
};

const sysSigaltstack: SystemCall = (core, newStack, oldStack) => {
  const { image } = core.current;
  if (!(image instanceof HartImage)) return -EINVAL;
  const { start, size } = image.alternateStack;
  const sp = image.context.number(REG_SP);
  const active = size > 0 && sp > start && sp <= start + size;
  if (newStack !== 0) {
    const bytes = new Uint8Array(stackT.size);
    if (core.copyFromUser(bytes, newStack) !== 0) return -EFAULT;
    const wanted = stackT.read(bytes);
    // "EPERM: An attempt was made to change the alternate signal stack while it was active."
    if (active) return -EPERM;
    if (wanted.ss_flags !== 0 && wanted.ss_flags !== SS_ONSTACK && wanted.ss_flags !== SS_DISABLE) return -EINVAL;
    const disabled = wanted.ss_flags === SS_DISABLE;
    // "ENOMEM: The specified size of the new alternate signal stack ss.ss_size was less than MINSIGSTKSZ."
    if (!disabled && (wanted.ss_size < MINSIGSTKSZ || wanted.ss_size > Number.MAX_SAFE_INTEGER)) return -ENOMEM;
    image.alternateStack = disabled ? { start: 0, size: 0 } : { start: wanted.ss_sp, size: wanted.ss_size };
  }
  if (oldStack === 0) return 0;
  const flags = size === 0 ? SS_DISABLE : active ? SS_ONSTACK : 0;
  const before = stackT.encode({ ss_sp: start, ss_size: size, ss_flags: flags });
  return core.copyToUser(oldStack, before) === 0 ? 0 : -EFAULT;
};

export const execSystemCalls: Readonly<Record<number, SystemCall>> = {
  [SYS_execve]: sysExecve,
  [SYS_execveat]: sysExecveat,
  [SYS_rt_sigreturn]: sysRtSigreturn,
  [SYS_sigaltstack]: sysSigaltstack,
};
