/** The C program on the host itself, and other emulators: as a table on a terminal. */
import { columns, duration, interval } from "./format.ts";
import type { BenchReport, Skipped } from "./json.ts";

const isSkipped = (part: readonly unknown[] | Skipped): part is Skipped => "skipped" in part;

export const formatOthers = ({ native, peers }: Pick<BenchReport, "native" | "peers">): string => {
  const hosts = isSkipped(native)
    ? `The C program on this computer: skipped, ${native.skipped}\n`
    : columns([
        ["The C program on this computer (a memfd)", "direct", "write / direct (95 %)"],
        ...native.map(({ scene, direct, write }) => [`  ${scene}`, duration(direct.median), interval(write)]),
      ]);
  const others = isSkipped(peers)
    ? `Peers: skipped, ${peers.skipped}\n`
    : columns([
        ["Peers", "", "/ RAM (95 %)"],
        ...peers.map(({ name, time, ratio }) => [`  ${name}`, duration(time.median), interval(ratio)]),
      ]);
  return `\n${hosts}${others}`;
};
