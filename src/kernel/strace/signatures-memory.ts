/** Calls on address spaces. */
import {
  MADV_COLD,
  MADV_COLLAPSE,
  MADV_DODUMP,
  MADV_DOFORK,
  MADV_DONTDUMP,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_DONTNEED_LOCKED,
  MADV_FREE,
  MADV_HUGEPAGE,
  MADV_HWPOISON,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_NORMAL,
  MADV_PAGEOUT,
  MADV_POPULATE_READ,
  MADV_POPULATE_WRITE,
  MADV_RANDOM,
  MADV_REMOVE,
  MADV_SEQUENTIAL,
  MADV_SOFT_OFFLINE,
  MADV_UNMERGEABLE,
  MADV_WILLNEED,
  MADV_WIPEONFORK,
  MAP_ANONYMOUS,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_SYNC,
  MAP_TYPE,
  MCL_CURRENT,
  MCL_FUTURE,
  MCL_ONFAULT,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MLOCK_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MS_ASYNC,
  MS_INVALIDATE,
  MS_SYNC,
  PROT_EXEC,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_NONE,
  PROT_READ,
  PROT_SEM,
  PROT_WRITE,
} from "../../../abi/mman.ts";
import {
  SYS_brk,
  SYS_madvise,
  SYS_memfd_create,
  SYS_mincore,
  SYS_mlock,
  SYS_mlock2,
  SYS_mlockall,
  SYS_mmap,
  SYS_mprotect,
  SYS_mremap,
  SYS_msync,
  SYS_munlock,
  SYS_munlockall,
  SYS_munmap,
} from "../../../abi/syscalls.ts";
import {
  type Argument,
  arrayText,
  failed,
  fd,
  flags,
  hexadecimal,
  lateIf,
  oneOf,
  pointer,
  register,
  size,
  string,
} from "./arguments.ts";
import { call, hexResult, type Signatures } from "./signature.ts";
import { flagText, valueText } from "./text.ts";

const prot = flags({ PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_SEM, PROT_GROWSDOWN, PROT_GROWSUP }, "PROT_???");

/** The low four bits are one value, and MAP_FILE is its name for none. */
const mapType = { MAP_FILE: 0, MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE };
const mapFlags = {
  MAP_FIXED,
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_NONBLOCK,
  MAP_GROWSDOWN,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_LOCKED,
  MAP_STACK,
  MAP_HUGETLB,
  MAP_SYNC,
  MAP_FIXED_NOREPLACE,
};
/** log2 of a huge page's size is in these bits. */
const MAP_HUGE_SHIFT = 26;

const mapping: Argument = {
  text(_, value) {
    const huge = value >>> MAP_HUGE_SHIFT;
    const rest = value & ~MAP_TYPE & ((1 << MAP_HUGE_SHIFT) - 1);
    const names = Object.entries(mapFlags).filter(([, bit]) => (rest & bit) !== 0);
    const unknown = names.reduce((bits, [, bit]) => bits & ~bit, rest);
    return [
      valueText(mapType, "MAP_???", value & MAP_TYPE),
      ...names.map(([name]) => name),
      ...(unknown === 0 ? [] : [`0x${unknown.toString(16)}`]),
      ...(huge === 0 ? [] : [`${huge}<<MAP_HUGE_SHIFT`]),
    ].join("|");
  },
};

const advice = oneOf(
  {
    MADV_NORMAL,
    MADV_RANDOM,
    MADV_SEQUENTIAL,
    MADV_WILLNEED,
    MADV_DONTNEED,
    MADV_FREE,
    MADV_REMOVE,
    MADV_DONTFORK,
    MADV_DOFORK,
    MADV_MERGEABLE,
    MADV_UNMERGEABLE,
    MADV_HUGEPAGE,
    MADV_NOHUGEPAGE,
    MADV_DONTDUMP,
    MADV_DODUMP,
    MADV_WIPEONFORK,
    MADV_KEEPONFORK,
    MADV_COLD,
    MADV_PAGEOUT,
    MADV_POPULATE_READ,
    MADV_POPULATE_WRITE,
    MADV_DONTNEED_LOCKED,
    MADV_COLLAPSE,
    MADV_HWPOISON,
    MADV_SOFT_OFFLINE,
  },
  "MADV_???",
);

const mremapFlags = { MREMAP_MAYMOVE, MREMAP_FIXED, MREMAP_DONTUNMAP };
const mremap: Argument = { text: (_, value) => flagText(mremapFlags, "MREMAP_???", value) };

/** One byte for each page, of which bit 0 counts. */
const residency = lateIf((view) => !failed(view), {
  text: (view, value) => arrayText(view, value, Math.ceil(register(view, 1) / 4096), 1, ([byte]) => String(byte! & 1)),
});

export const memorySignatures: Signatures = {
  [SYS_mmap]: hexResult(pointer, size, prot, mapping, fd, hexadecimal),
  [SYS_munmap]: call(pointer, size),
  [SYS_mprotect]: call(pointer, size, prot),
  [SYS_mremap]: {
    ...hexResult(),
    arguments: (view) =>
      (register(view, 3) & MREMAP_FIXED) === 0 ? [pointer, size, size, mremap] : [pointer, size, size, mremap, pointer],
  },
  [SYS_msync]: call(pointer, size, flags({ MS_SYNC, MS_ASYNC, MS_INVALIDATE }, "MS_???")),
  [SYS_mincore]: call(pointer, size, residency),
  [SYS_madvise]: call(pointer, size, advice),
  [SYS_mlock]: call(pointer, size),
  [SYS_mlock2]: call(pointer, size, flags({ MLOCK_ONFAULT }, "MLOCK_???")),
  [SYS_munlock]: call(pointer, size),
  [SYS_mlockall]: call(flags({ MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT }, "MCL_???")),
  [SYS_munlockall]: call(),
  [SYS_brk]: hexResult(pointer),
  [SYS_memfd_create]: call(string, flags({ MFD_CLOEXEC, MFD_ALLOW_SEALING }, "MFD_???")),
};
