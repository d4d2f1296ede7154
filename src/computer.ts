/**
 * A whole computer: the machine, its video card and display, the kernel with its standard drivers. What the command
 * line and an embedder's program start from.
 */
import { VIDEO_CARD_BASE } from "../assembly/memory-map.ts";
import { FORMAT_XRGB8888 } from "../assembly/scanout-format.ts";
import { consoleDriver } from "../devices/drivers/console.ts";
import type { Module } from "../devices/drivers/driver.ts";
import { fb } from "../devices/drivers/fb.ts";
import { mem } from "../devices/drivers/mem.ts";
import { VideoCard } from "../devices/hardware/video-card.ts";
import { Display } from "./display/display.ts";
import { KernelCore, type KernelOptions } from "./kernel/kernel.ts";
import { Machine, type MachineOptions } from "./machine.ts";

/** Vertical blanks a second. */
export const REFRESH_RATE = 60;

export interface ComputerOptions extends MachineOptions, KernelOptions {
  /** The mode after power-on. Pixels, 8 to 4096 each way; `format` is a FORMAT_…. Default 640 × 480, xrgb8888. */
  display?: { width: number; height: number; format?: number };
  /** What is written to the console. Default: nothing happens with it. */
  onOutput?: (bytes: Uint8Array) => void;
}

export class Computer {
  readonly machine: Machine;
  readonly kernel: KernelCore;
  readonly card: VideoCard;
  readonly display: Display;
  /** Called at each vertical blank, after the card has taken its new start. */
  onVblank: (() => void) | null = null;
  /** While true, time goes on from vblank to vblank although no program waits for one. */
  followVblank = false;

  /** @throws RangeError when a size or the mode is outside its range. */
  static async create(options: ComputerOptions = {}): Promise<Computer> {
    const machine = await Machine.create(options);
    const { width = 640, height = 480, format = FORMAT_XRGB8888 } = options.display ?? {};
    const card = new VideoCard(machine.vramSize, { width, height, format });
    machine.bus.attach(VIDEO_CARD_BASE, card.device);
    return new Computer(machine, card, options);
  }

  private constructor(machine: Machine, card: VideoCard, options: ComputerOptions) {
    this.machine = machine;
    this.card = card;
    this.display = new Display(machine, card);
    this.kernel = KernelCore.boot(machine, options);
    this.kernel.clock.beat = {
      period: Math.round(1e9 / REFRESH_RATE),
      wanted: () => this.followVblank || card.vblankWanted,
      fire: () => {
        card.vblank();
        this.onVblank?.();
      },
    };
    for (const driver of [mem, fb(card), consoleDriver(options.onOutput ?? (() => {}))]) this.#insmodBuiltIn(driver);
  }

  #insmodBuiltIn(driver: Module): void {
    const error = this.kernel.insmod(driver);
    if (error < 0) throw new Error(`assert: built-in driver ${driver.name} did not start: ${error}`);
  }
}
