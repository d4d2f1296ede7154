/** Signatures of all calls by number. One that is not here is shown with its six registers. */
import { hexadecimal } from "./arguments.ts";
import type { Signature, Signatures } from "./signature.ts";
import { fileSignatures } from "./signatures-files.ts";
import { identitySignatures } from "./signatures-identity.ts";
import { memorySignatures } from "./signatures-memory.ts";
import { processSignatures } from "./signatures-processes.ts";
import { signalSignatures } from "./signatures-signals.ts";
import { socketSignatures } from "./signatures-sockets.ts";
import { storageSignatures } from "./signatures-storage.ts";
import { systemSignatures } from "./signatures-system.ts";
import { timerSignatures } from "./signatures-timers.ts";
import { transferSignatures } from "./signatures-transfer.ts";

const SIGNATURES: Signatures = {
  ...memorySignatures,
  ...fileSignatures,
  ...transferSignatures,
  ...processSignatures,
  ...systemSignatures,
  ...socketSignatures,
  ...identitySignatures,
  ...signalSignatures,
  ...storageSignatures,
  ...timerSignatures,
};

const UNKNOWN: Signature = { arguments: Array.from({ length: 6 }, () => hexadecimal) };

export const signatureOf = (nr: number): Signature => SIGNATURES[nr] ?? UNKNOWN;
