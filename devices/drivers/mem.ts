/**
 * /dev/null, zero, full, random, urandom and mem (drivers/char/mem.c and random.c of Linux 6.12).
 *
 * /dev/mem is physical memory under the rule of CONFIG_STRICT_DEVMEM: system RAM is EPERM. Video memory can be read,
 * written and mapped; registers of devices can be mapped only, and read or written they are EFAULT, because Linux too
 * goes through its linear map, in which they are not.
 *
 * Not modelled: /dev/port, /dev/kmsg; bytes written to /dev/random do not change what it gives.
 */
import { EAGAIN, EFAULT, EINVAL, ENOSPC, EOVERFLOW, EPERM } from "../../abi/errno.ts";
import { SEEK_CUR, SEEK_SET } from "../../abi/fcntl.ts";
import { RAM_BASE, VRAM_BASE, VRAM_SIZE_MAX } from "../../assembly/memory-map.ts";
import type { File, FileOperations, Kernel, Module, Position, VmArea } from "./driver.ts";
import { MKDEV, PAGE_SIZE, VM_SHARED } from "./vm.ts";

const MEM_MAJOR = 1;
/** More than any program has in one piece, less than is felt: what one copy moves. */
const CHUNK = 0x1_0000;
/** RNDGETENTCNT of linux/random.h, and the answer of a pool that is full. */
const RNDGETENTCNT = 0x8004_5200;
const ENTROPY_BITS = 256;

export const mem: Module = {
  name: "mem",
  create: (kernel) => ({
    init() {
      const error = kernel.registerChrdevRegion(MKDEV(MEM_MAJOR, 0), 256, "mem");
      if (error < 0) return error;
      for (const { minor, name, mode, ops } of devices(kernel)) {
        const dev = MKDEV(MEM_MAJOR, minor);
        const failed = kernel.cdevAdd(kernel.cdevInit(ops), dev, 1);
        if (failed < 0) return failed;
        kernel.deviceCreate(name, dev, mode);
      }
      return 0;
    },
  }),
};

const devices = (kernel: Kernel): { minor: number; name: string; mode: number; ops: FileOperations }[] => {
  const random = randomOperations(kernel);
  return [
    { minor: 1, name: "mem", mode: 0o600, ops: memOperations(kernel) },
    { minor: 3, name: "null", mode: 0o666, ops: nullOperations },
    { minor: 5, name: "zero", mode: 0o666, ops: zeroOperations(kernel) },
    { minor: 7, name: "full", mode: 0o666, ops: fullOperations(kernel) },
    { minor: 8, name: "random", mode: 0o666, ops: random },
    { minor: 9, name: "urandom", mode: 0o666, ops: random },
  ];
};

/** The position of these devices is always 0 (null_lseek). */
const stay = (): number => 0;

/** Reads as end of file, takes everything, whatever the pointer, and cannot be mapped. */
const nullOperations: FileOperations = {
  read: () => 0,
  write: (_file, _buffer, count) => count,
  kernelWrite: (_file, bytes) => bytes.length,
  llseek: stay,
};

/** Copies in pieces: bytes moved, or -EFAULT when the first could not be. `copy` returns the bytes it could not. */
const inChunks = (count: number, copy: (done: number, length: number) => number): number => {
  let done = 0;
  while (done < count) {
    const length = Math.min(CHUNK, count - done);
    const missed = copy(done, length);
    done += length - missed;
    if (missed > 0) return done > 0 ? done : -EFAULT;
  }
  return done;
};

const readZeros =
  (kernel: Kernel) =>
  (_file: File, buffer: number, count: number): number =>
    inChunks(count, (done, length) => kernel.clearUser(buffer + done, length));

const zeroOperations = (kernel: Kernel): FileOperations => ({
  read: readZeros(kernel),
  write: (_file, _buffer, count) => count,
  kernelWrite: (_file, bytes) => bytes.length,
  llseek: stay,
  mmap(_file, vma) {
    if ((vma.flags & VM_SHARED) !== 0) return kernel.shmemZeroSetup(vma);
    // Without operations a private mapping is anonymous memory (vma_set_anonymous).
    vma.ops = null;
    return 0;
  },
});

const fullOperations = (kernel: Kernel): FileOperations => ({
  read: readZeros(kernel),
  write: () => -ENOSPC,
  llseek: stay,
});

const randomOperations = (kernel: Kernel): FileOperations => ({
  read: (_file, buffer, count) =>
    inChunks(count, (done, length) => {
      const bytes = new Uint8Array(length);
      kernel.getRandomBytes(bytes);
      return kernel.copyToUser(buffer + done, bytes);
    }),
  write: (_file, buffer, count) =>
    inChunks(count, (done, length) => kernel.copyFromUser(new Uint8Array(length), buffer + done)),
  llseek: stay,
  ioctl(_file, command, argument) {
    if (command !== RNDGETENTCNT) return -EINVAL;
    const answer = new Uint8Array(new Int32Array([ENTROPY_BITS]).buffer);
    return kernel.copyToUser(argument, answer) === 0 ? 0 : -EFAULT;
  },
});

/** May the page of this physical address be reached (devmem_is_allowed)? What is not RAM may. */
const isAllowed = (pa: number): boolean => pa < RAM_BASE;
const isVideo = (pa: number): boolean => pa >= VRAM_BASE && pa - VRAM_BASE < VRAM_SIZE_MAX;

/** Bytes of [pa, pa + count) that lie in pa's page (size_inside_page). */
const insidePage = (pa: number, count: number): number => Math.min(PAGE_SIZE - (pa % PAGE_SIZE), count);

/** read_mem(): all or an errno; a fault half way tells nothing of what came before it. */
const readMem = (kernel: Kernel, buffer: number, count: number, position: Position): number => {
  for (let done = 0; done < count; ) {
    const pa = position.value + done;
    const length = insidePage(pa, count - done);
    if (!isAllowed(pa)) return -EPERM;
    if (!isVideo(pa) || kernel.copyPhysicalToUser(buffer + done, pa, length) > 0) return -EFAULT;
    done += length;
  }
  position.value += count;
  return count;
};

/** write_mem(): what was written before a bad pointer counts, a page that may not be written is EPERM all the same. */
const writeMem = (kernel: Kernel, buffer: number, count: number, position: Position): number => {
  let done = 0;
  while (done < count) {
    const pa = position.value + done;
    const length = insidePage(pa, count - done);
    if (!isAllowed(pa)) return -EPERM;
    const missed = isVideo(pa) ? kernel.copyFromUserToPhysical(pa, buffer + done, length) : length;
    done += length - missed;
    if (missed > 0) break;
  }
  position.value += done;
  return done > 0 || count === 0 ? done : -EFAULT;
};

const memOperations = (kernel: Kernel): FileOperations => ({
  read: (_file, buffer, count, position) => readMem(kernel, buffer, count, position),
  write: (_file, buffer, count, position) => writeMem(kernel, buffer, count, position),

  /** memory_lseek(): no end to seek from; a position that looks like an errno is refused. */
  llseek(file, offset, whence) {
    if (whence !== SEEK_SET && whence !== SEEK_CUR) return -EINVAL;
    const target = whence === SEEK_CUR ? file.position.value + offset : offset;
    if (target >= -4095 && target < 0) return -EOVERFLOW;
    return target < 0 ? -EINVAL : target;
  },

  mmap(_file: File, vma: VmArea): number {
    const size = vma.end - vma.start;
    const pa = vma.pgoff * PAGE_SIZE;
    if (!isAllowed(pa) || !isAllowed(pa + size - 1)) return -EPERM;
    return kernel.remapPfnRange(vma, vma.start, vma.pgoff, size, vma.pageProt) === 0 ? 0 : -EAGAIN;
  },
});
