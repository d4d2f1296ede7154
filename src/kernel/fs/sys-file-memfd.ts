/** memfd_create(2), and the seals that fcntl(2) puts on such a file (mm/memfd.c of Linux 6.12). */
import { EBUSY, EINVAL, EMFILE, ENAMETOOLONG, EPERM } from "../../../abi/errno.ts";
import {
  F_SEAL_FUTURE_WRITE,
  F_SEAL_GROW,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_WRITE,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_EXEC,
  MFD_NOEXEC_SEAL,
  NAME_MAX,
} from "../../../abi/fcntl.ts";
import { SYS_memfd_create } from "../../../abi/syscalls.ts";
import { VM_MAYWRITE, VM_SHARED } from "../../../devices/drivers/vm.ts";
import type { Core, SystemCall } from "../core.ts";
import type { OpenFile } from "./file.ts";
import type { InodeRecord } from "./inode.ts";
import { shmemFileSetup } from "./shmem.ts";

const PREFIX = "memfd:";
/** "The limit is 249 bytes, excluding the terminating null byte." */
const NAME_MOST = NAME_MAX - PREFIX.length;
const ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;

const sysMemfdCreate: SystemCall = (core, pointer, flags) => {
  // "EINVAL: flags included unknown bits", huge pages among them.
  if ((flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC)) !== 0) return -EINVAL;
  if ((flags & MFD_NOEXEC_SEAL) !== 0 && (flags & MFD_EXEC) !== 0) return -EINVAL;
  const name = core.strncpyFromUser(pointer, NAME_MOST + 1);
  // "EINVAL: name was too long."
  if (typeof name === "number") return name === -ENAMETOOLONG ? -EINVAL : name;
  const file = shmemFileSetup(core, `/${PREFIX}${name}`, 0);
  const noExec = (flags & MFD_NOEXEC_SEAL) !== 0;
  if (noExec) file.inode.mode &= ~0o111;
  // "If this flag is not set, the initial set of seals will be F_SEAL_SEAL".
  file.inode.seals = (flags & MFD_ALLOW_SEALING) !== 0 || noExec ? 0 : F_SEAL_SEAL;
  const fd = core.current.files.install(file, (flags & MFD_CLOEXEC) !== 0);
  if (fd < 0) file.put();
  return fd < 0 ? -EMFILE : fd;
};

/** Does somebody map the file so that he may write to it? */
const isMappedWritable = (core: Core, inode: InodeRecord): boolean => {
  for (const { mm } of core.tasks) {
    for (const { file, flags } of mm.vmas) {
      if (file?.inode === inode && (flags & VM_SHARED) !== 0 && (flags & VM_MAYWRITE) !== 0) return true;
    }
  }
  return false;
};

/** F_ADD_SEALS. */
export const addSeals = (core: Core, file: OpenFile, seals: number): number => {
  const { inode } = file;
  // "EPERM: op is F_ADD_SEALS and the file was not opened for writing or the current set of seals … includes F_SEAL_SEAL."
  if (!file.writable) return -EPERM;
  if ((seals & ~ALL_SEALS) !== 0 || inode.seals === null) return -EINVAL;
  if ((inode.seals & F_SEAL_SEAL) !== 0) return -EPERM;
  // "EBUSY: op is F_ADD_SEALS, arg includes F_SEAL_WRITE, and there exists a writable, shared mapping on the file".
  const newlyWrite = (seals & F_SEAL_WRITE) !== 0 && (inode.seals & F_SEAL_WRITE) === 0;
  if (newlyWrite && isMappedWritable(core, inode)) return -EBUSY;
  inode.seals |= seals;
  return 0;
};

/** F_GET_SEALS: "EINVAL: … the underlying filesystem does not support sealing." */
export const getSeals = ({ inode }: OpenFile): number => inode.seals ?? -EINVAL;

export const memfdSystemCalls: Readonly<Record<number, SystemCall>> = { [SYS_memfd_create]: sysMemfdCreate };
