/** `scanout run --max-…`: what a machine's programs may take of it at most. */
import type { Command } from "commander";
import { DEFAULT_LIMITS, type KernelLimits, MOST_LIMITS } from "../kernel/kernel-limits.ts";
import { wholeNumber } from "./whole-number.ts";

export interface LimitOptions {
  readonly maxProcesses?: string;
  readonly maxOpenFiles?: string;
  readonly maxMappings?: string;
  readonly maxFileMemory?: string;
}

const MIB = 0x10_0000;

export const addLimitOptions = (command: Command): Command => {
  const { processes, openFiles, mappings } = DEFAULT_LIMITS;
  return command
    .option("--max-processes <n>", "processes at once, then fork is EAGAIN", String(processes))
    .option("--max-open-files <n>", "open files of a process, then open is EMFILE", String(openFiles))
    .option("--max-mappings <n>", "mappings of a process, then mmap is ENOMEM", String(mappings))
    .option("--max-file-memory <MiB>", "files kept in memory, then write is ENOSPC (default: half of the RAM)");
};

/** @throws UsageError that names the option whose number is none, or out of range. */
export const limitsOf = (options: LimitOptions): Partial<KernelLimits> => {
  const limit = (name: string, text: string | undefined, most: number, unit = 1): number | undefined => {
    const value = wholeNumber(name, text, 1, Math.floor(most / unit));
    return value === undefined ? undefined : value * unit;
  };
  const { processes, openFiles, mappings, fileBytes } = MOST_LIMITS;
  const asked = {
    processes: limit("--max-processes", options.maxProcesses, processes),
    openFiles: limit("--max-open-files", options.maxOpenFiles, openFiles),
    mappings: limit("--max-mappings", options.maxMappings, mappings),
    fileBytes: limit("--max-file-memory", options.maxFileMemory, fileBytes, MIB),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
};
