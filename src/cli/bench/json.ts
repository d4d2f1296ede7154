/** The results as JSON: docs/bench.schema.json describes it. */

import type { RunResult } from "../../bench/bench.ts";
import { type Case, caseName, sweepSize } from "../../bench/case.ts";
import type { NativeResult } from "./native.ts";
import type { PeerResult } from "./peers.ts";

/** Changes when the meaning of a field does. */
export const SCHEMA = "scanout-bench/1";

/** Where the times were taken. */
export interface Environment {
  readonly scanout: string;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpu: string;
}

/** A part that could not be measured, and why. */
export interface Skipped {
  readonly skipped: string;
}

export interface BenchReport extends RunResult {
  readonly environment: Environment;
  readonly quick: boolean;
  readonly native: readonly NativeResult[] | Skipped;
  readonly peers: readonly PeerResult[] | Skipped;
}

const caseFields = (one: Case): object => ({
  name: caseName(one),
  guest: one.guest,
  scene: one.scene,
  width: one.size.width,
  height: one.size.height,
  format: one.format,
  sweep: one.fraction === null ? null : { fraction: one.fraction, ...sweepSize(one) },
});

/** Milliseconds everywhere; `hash` as eight hexadecimal digits. */
export const toJson = ({ environment, quick, cases, references, goals, native, peers }: BenchReport): string =>
  `${JSON.stringify(
    {
      schema: SCHEMA,
      environment,
      quick,
      cases: cases.map(({ case: one, hash, methods }) => ({
        ...caseFields(one),
        hash: hash.toString(16).padStart(8, "0"),
        methods,
      })),
      references,
      native,
      peers,
      goals,
    },
    null,
    2,
  )}\n`;
