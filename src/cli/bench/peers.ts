/**
 * Another emulator in the same run: v86 (npm), without a screen, with Debian's seabios, and a kernel of ours that stores
 * a frame's words to RAM and to its linear framebuffer (bench/peers/lfb.S).
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Estimate, estimate } from "../../bench/statistics.ts";
import type { Skipped } from "./json.ts";
import { packageFile } from "./package-file.ts";

export interface PeerResult {
  readonly name: string;
  /** Milliseconds for a frame of 1024 × 768 words. */
  readonly time: Estimate;
  /** Over the same in RAM. */
  readonly ratio: Estimate;
}

const BIOS = "/usr/share/seabios";
/** Debian's seabios; the newest image for VGA is named so. */
const FILES = { bios: "bios.bin", vga_bios: "vgabios-stdvga.bin" } as const;
const KERNEL = "bench/peers/lfb.elf";
/** As in lfb.S. */
const PASSES = 20;
/** Of both parts: the first WARM_UP compile. */
const ROUNDS = 13;
const WARM_UP = 4;

/** What of v86's class is used. */
interface Emulator {
  add_listener(event: "serial0-output-byte", listener: (byte: number) => void): void;
  destroy(): Promise<void>;
}
type EmulatorClass = new (options: object) => Emulator;

export const measurePeers = async (signal: AbortSignal): Promise<readonly PeerResult[] | Skipped> => {
  const missing = Object.values(FILES).find((name) => !existsSync(join(BIOS, name)));
  if (missing !== undefined) return { skipped: `no ${join(BIOS, missing)} (Debian: seabios)` };
  const kernel = packageFile(KERNEL);
  if (!existsSync(kernel)) return { skipped: `${KERNEL} is not in this package` };
  const module = findModule("v86");
  if (module === null) return { skipped: "no v86 (npm install v86)" };
  const { V86 } = (await import(pathToFileURL(module).href)) as { V86: EmulatorClass };
  const emulator = new V86({
    wasm_path: createRequire(module).resolve("v86/build/v86.wasm"),
    bios: { buffer: bufferOf(join(BIOS, FILES.bios)) },
    vga_bios: { buffer: bufferOf(join(BIOS, FILES.vga_bios)) },
    multiboot: { buffer: bufferOf(kernel) },
    memory_size: 64 * 0x10_0000,
    vga_memory_size: 8 * 0x10_0000,
    autostart: true,
    disable_speaker: true,
  });
  try {
    return resultsOf(await listen(emulator, signal));
  } finally {
    await emulator.destroy();
  }
};

/** The file that `import name` means to the project in the working directory, or else to this package. */
const findModule = (name: string): string | null => {
  for (const from of [join(process.cwd(), "package.json"), packageFile("package.json")]) {
    try {
      return createRequire(from).resolve(name);
    } catch {}
  }
  return null;
};

const bufferOf = (file: string): ArrayBuffer => {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};

interface Rounds {
  readonly ram: number[];
  readonly framebuffer: number[];
}

/** Milliseconds for all passes of each part, ROUNDS of each. */
const listen = (emulator: Emulator, signal: AbortSignal): Promise<Rounds> =>
  new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    const rounds: Rounds = { ram: [], framebuffer: [] };
    let started = 0;
    emulator.add_listener("serial0-output-byte", (byte) => {
      const letter = String.fromCharCode(byte);
      if (letter === "R" || letter === "L") started = performance.now();
      else if (letter === "r") rounds.ram.push(performance.now() - started);
      else if (letter === "l") rounds.framebuffer.push(performance.now() - started);
      if (rounds.framebuffer.length === ROUNDS) resolve(rounds);
    });
  });

const resultsOf = ({ ram, framebuffer }: Rounds): PeerResult[] => {
  const warm = (times: readonly number[]): number[] => times.slice(WARM_UP).map((time) => time / PASSES);
  const [inRam, inFramebuffer] = [warm(ram), warm(framebuffer)];
  const one = { median: 1, low: 1, high: 1 };
  return [
    { name: "v86, a frame's words stored to RAM", time: estimate(inRam), ratio: one },
    {
      name: "v86, the same stored to its linear framebuffer",
      time: estimate(inFramebuffer),
      ratio: estimate(inFramebuffer.map((time, i) => time / inRam[i]!)),
    },
  ];
};
