/** Character devices: who owns which numbers, and which driver serves them (fs/char_dev.c of Linux 6.12). */
import { EBUSY, EINVAL, ENXIO } from "../../../abi/errno.ts";
import type { Cdev, FileOperations } from "../../../devices/drivers/driver.ts";
import { MAJOR, MINOR, MKDEV } from "../../../devices/drivers/vm.ts";
import type { ModuleOwner } from "../module-loader.ts";
import type { OpenFile } from "./file.ts";

/** One above the highest major (CHRDEV_MAJOR_MAX). */
const MAJORS = 512;
/** One above the highest minor. */
const MINORS = 1 << 20;
/** Majors that are handed out: from the first of a pair down to the second, then the next pair. */
const DYNAMIC_MAJORS = [
  [254, 234],
  [511, 384],
] as const;
/** A region's name is cut to this many characters (char_device_struct.name, with its NUL). */
const NAME_SIZE = 63;

interface Region {
  readonly major: number;
  readonly baseMinor: number;
  readonly count: number;
  readonly name: string;
}

export class CdevRecord implements Cdev {
  readonly ops: FileOperations;
  /** The module that holds `ops`; null for what is built in. */
  readonly owner: ModuleOwner | null;
  dev = 0;
  count = 0;

  constructor(ops: FileOperations, owner: ModuleOwner | null) {
    this.ops = ops;
    this.owner = owner;
  }
}

export class CharacterDevices {
  readonly #regions: Region[] = [];
  readonly #cdevs = new Set<CdevRecord>();

  /** A free major and `count` minors from `baseMinor`: dev_t; -EBUSY when all majors are taken, -EINVAL. */
  allocRegion(baseMinor: number, count: number, name: string): number {
    for (const [first, last] of DYNAMIC_MAJORS) {
      for (let major = first; major >= last; major--) {
        if (this.#regions.some((region) => region.major === major)) continue;
        const error = this.#take(major, baseMinor, count, name);
        return error < 0 ? error : MKDEV(major, baseMinor);
      }
    }
    return -EBUSY;
  }

  /** Takes `count` numbers from `dev` on, beyond the last minor in the next major: 0, -EBUSY or -EINVAL. */
  registerRegion(dev: number, count: number, name: string): number {
    const taken: Region[] = [];
    for (const [major, baseMinor, part] of piecesOf(dev, count)) {
      const error = this.#take(major, baseMinor, part, name);
      if (error < 0) {
        for (const region of taken) this.#remove(region);
        return error;
      }
      taken.push(this.#regions.at(-1)!);
    }
    return 0;
  }

  unregisterRegion(dev: number, count: number): void {
    for (const [major, baseMinor, part] of piecesOf(dev, count)) {
      const region = this.#regions.find((r) => r.major === major && r.baseMinor === baseMinor && r.count === part);
      if (region !== undefined) this.#remove(region);
    }
  }

  cdevInit(ops: FileOperations, owner: ModuleOwner | null): CdevRecord {
    return new CdevRecord(ops, owner);
  }

  /** Makes the device live. Where two overlap, the one with fewer numbers serves (kobj_map). */
  cdevAdd(cdev: CdevRecord, dev: number, count: number): number {
    cdev.dev = dev;
    cdev.count = count;
    this.#cdevs.add(cdev);
    return 0;
  }

  /** Open files keep working; new opens give ENXIO. */
  cdevDel(cdev: CdevRecord): void {
    this.#cdevs.delete(cdev);
  }

  /** Opens a device node: the driver's operations go into the file, then its open runs. 0 or -errno. */
  open(file: OpenFile): number {
    const cdev = this.#lookup(file.inode.rdev);
    // "ENXIO: The file is a device special file and no corresponding device exists", open(2).
    if (cdev === undefined) return -ENXIO;
    cdev.owner?.get();
    file.owner = cdev.owner;
    file.ops = cdev.ops;
    return cdev.ops.open?.(file.inode, file) ?? 0;
  }

  /** The first part of /proc/devices. */
  list(): string {
    const byNumber = this.#regions.toSorted((a, b) => a.major - b.major || a.baseMinor - b.baseMinor);
    const lines = byNumber.map(({ major, name }) => `${String(major).padStart(3)} ${name}\n`);
    return `Character devices:\n${lines.join("")}`;
  }

  #lookup(rdev: number): CdevRecord | undefined {
    let best: CdevRecord | undefined;
    for (const cdev of this.#cdevs) {
      const holds = rdev >= cdev.dev && rdev < cdev.dev + cdev.count;
      if (holds && (best === undefined || cdev.count < best.count)) best = cdev;
    }
    return best;
  }

  #take(major: number, baseMinor: number, count: number, name: string): number {
    if (major >= MAJORS || count > MINORS - baseMinor) return -EINVAL;
    const overlaps = (region: Region): boolean =>
      region.major === major && region.baseMinor < baseMinor + count && baseMinor < region.baseMinor + region.count;
    if (this.#regions.some(overlaps)) return -EBUSY;
    this.#regions.push({ major, baseMinor, count, name: name.slice(0, NAME_SIZE) });
    return 0;
  }

  #remove(region: Region): void {
    this.#regions.splice(this.#regions.indexOf(region), 1);
  }
}

/** A range of device numbers, cut where the major changes: [major, first minor, count]. */
const piecesOf = (dev: number, count: number): [number, number, number][] => {
  const pieces: [number, number, number][] = [];
  for (let at = dev; at < dev + count; ) {
    const next = Math.min(MKDEV(MAJOR(at) + 1, 0), dev + count);
    pieces.push([MAJOR(at), MINOR(at), next - at]);
    at = next;
  }
  return pieces;
};
