/** What a machine's programs may take of it at most. Each limit has an errno that a program sees. */
export interface KernelLimits {
  /** Processes that live at once, and zombies: EAGAIN. 1 … 32,767. */
  readonly processes: number;
  /** Descriptors of a process, the hard RLIMIT_NOFILE: EMFILE. */
  readonly openFiles: number;
  /** Mappings of an address space (vm.max_map_count): ENOMEM. */
  readonly mappings: number;
  /** Bytes of all files of one file system in memory; null: half of RAM, as tmpfs: ENOSPC. */
  readonly fileBytes: number | null;
}

export const DEFAULT_LIMITS: KernelLimits = { processes: 1024, openFiles: 4096, mappings: 65_530, fileBytes: null };

/** What each limit may be at most. */
export const MOST_LIMITS: Readonly<Record<keyof KernelLimits, number>> = {
  processes: 32_767,
  openFiles: 1_048_576,
  mappings: 0x7fff_ffff,
  fileBytes: Number.MAX_SAFE_INTEGER,
};

/** @throws RangeError that names the limit when it is no integer from 1 up, or too large. */
export const checkLimits = (asked: Partial<KernelLimits> = {}): KernelLimits => {
  const limits = { ...DEFAULT_LIMITS, ...asked };
  for (const [name, value] of Object.entries(limits)) {
    const most = MOST_LIMITS[name as keyof KernelLimits];
    if (value !== null && (!Number.isInteger(value) || value < 1 || value > most)) {
      throw new RangeError(`limit ${name}: ${value} is not an integer from 1 to ${most}`);
    }
  }
  return limits;
};
