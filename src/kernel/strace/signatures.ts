/** Signatures of all calls by number. One that is not here is shown with its six registers. */
import * as syscalls from "../../../abi/syscalls.ts";
import { hexadecimal } from "./arguments.ts";
import type { Signature, Signatures } from "./signature.ts";
import { fileSignatures } from "./signatures-files.ts";
import { memorySignatures } from "./signatures-memory.ts";
import { processSignatures } from "./signatures-processes.ts";
import { socketSignatures } from "./signatures-sockets.ts";
import { systemSignatures } from "./signatures-system.ts";
import { transferSignatures } from "./signatures-transfer.ts";

const SIGNATURES: Signatures = {
  ...memorySignatures,
  ...fileSignatures,
  ...transferSignatures,
  ...processSignatures,
  ...systemSignatures,
  ...socketSignatures,
};

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(syscalls).map(([name, number]) => [number, name.slice("SYS_".length)]),
);

/** "openat"; "syscall_0x1f4" for a number that Linux does not have. */
export const systemCallName = (nr: number): string => NAMES.get(nr) ?? `syscall_0x${nr.toString(16)}`;

const UNKNOWN: Signature = { arguments: Array.from({ length: 6 }, () => hexadecimal) };

export const signatureOf = (nr: number): Signature => SIGNATURES[nr] ?? UNKNOWN;
