/**
 * A whole computer: the machine, its video card and display, the kernel with its standard drivers. What the command
 * line and an embedder's program start from.
 */
import type { Program } from "../abi/program.ts";
import { SIGKILL } from "../abi/signal.ts";
import { VIDEO_CARD_BASE } from "../assembly/memory-map.ts";
import { FORMAT_XRGB8888 } from "../assembly/scanout-format.ts";
import { fb } from "../devices/drivers/fb.ts";
import { input } from "../devices/drivers/input.ts";
import { mem } from "../devices/drivers/mem.ts";
import { ttyDriver } from "../devices/drivers/tty-driver.ts";
import { VideoCard } from "../devices/hardware/video-card.ts";
import { Display, type DisplayFrame } from "./display/display.ts";
import { checkModeFits } from "./display/mode.ts";
import { InputDevices } from "./input/input-devices.ts";
import { KernelCore, type KernelOptions, type Process, type SpawnOptions } from "./kernel/kernel.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { attachStandardFiles, type StandardFileOptions, serialTerminal } from "./standard-files.ts";

/** Vertical blanks a second. */
export const REFRESH_RATE = 60;

export interface ComputerOptions extends MachineOptions, KernelOptions, StandardFileOptions {
  /** The mode after power-on. Pixels, 8 to 4096 each way; `format` is a FORMAT_…. Default 640 × 480, xrgb8888. */
  display?: { width: number; height: number; format?: number };
  /** What /dev/input/event1 is. Default: a tablet. */
  pointer?: "tablet" | "touchscreen";
}

export class Computer {
  readonly machine: Machine;
  readonly kernel: KernelCore;
  readonly card: VideoCard;
  /** The keyboard, the pointer and the mouse. */
  readonly input: InputDevices;
  /** Called at each vertical blank, after the card has taken its new start. While set, time follows the blanks. */
  onVblank: (() => void) | null = null;
  /** Does time go from blank to blank while all programs sleep, though none waits for one? */
  framesWanted = false;
  /** Called after onVblank; only watches: no time passes for its sake. */
  onFrame: (() => void) | null = null;
  readonly #display: Display;

  /** @throws RangeError when a size or the mode is outside its range, or the mode does not fit video memory. */
  static async create(options: ComputerOptions = {}): Promise<Computer> {
    const machine = await Machine.create(options);
    const { width = 640, height = 480, format = FORMAT_XRGB8888 } = options.display ?? {};
    checkModeFits({ width, height, format }, machine.vramSize);
    const card = new VideoCard(machine.vramSize, { width, height, format }, machine.videoMemory());
    machine.bus.attach(VIDEO_CARD_BASE, card.device);
    return new Computer(machine, card, options);
  }

  private constructor(machine: Machine, card: VideoCard, options: ComputerOptions) {
    this.machine = machine;
    this.card = card;
    this.#display = new Display(machine, card);
    this.kernel = KernelCore.boot(machine, options);
    this.kernel.clock.beat = {
      period: Math.round(1e9 / REFRESH_RATE),
      wanted: () => this.onVblank !== null || this.framesWanted || card.vblankWanted,
      fire: () => {
        card.vblank();
        this.onVblank?.();
        this.onFrame?.();
      },
    };
    attachStandardFiles(this.kernel, options);
    const pointer = options.pointer ?? "tablet";
    this.input = new InputDevices(pointer === "touchscreen");
    const typedElsewhere = this.kernel.inputOpen;
    this.kernel.inputOpen = () => this.input.isOpen || typedElsewhere();
    const { keyboard, pointerPort, mouse } = this.input;
    const inputDriver = input({ keyboard, pointer: pointerPort, mouse }, { pointer });
    for (const driver of [mem, ttyDriver([serialTerminal(options)]), fb(card), inputDriver]) {
      const error = this.kernel.insmod(driver);
      if (error < 0) throw new Error(`assert: built-in driver ${driver.name} did not start: ${error}`);
    }
  }

  /** Starts a program as a process of its own. */
  spawn(program: Program, options: SpawnOptions = {}): Process {
    return this.kernel.spawn(program, options);
  }

  /**
   * Puts a riscv64 ELF program (static, or static-PIE) into the machine's tree and starts it as a process of its own.
   * @throws Error that names the path and the errno when it cannot be executed.
   */
  spawnFile(path: string, program: Uint8Array, options: SpawnOptions = {}): Process {
    this.kernel.vfs.writeFile(path, program, 0o755);
    return this.kernel.spawnFile(path, options);
  }

  /** What the screen shows now. */
  frame(): DisplayFrame {
    this.kernel.videoPins.markDamage(this.machine);
    return this.#display.frame();
  }

  /** Ends every process at once. */
  powerOff(): void {
    for (const task of [...this.kernel.tasks]) this.kernel.exit(task, { signal: SIGKILL, address: 0 });
  }
}
