/**
 * A whole computer: the machine, its video card and display, the kernel with its standard drivers. What the command
 * line and an embedder's program start from.
 */
import type { Program } from "../abi/program.ts";
import { SIGKILL } from "../abi/signal.ts";
import { TTY_MAJOR } from "../abi/vt.ts";
import { VIDEO_CARD_BASE } from "../assembly/memory-map.ts";
import { FORMAT_XRGB8888 } from "../assembly/scanout-format.ts";
import { fb } from "../devices/drivers/fb.ts";
import { input } from "../devices/drivers/input.ts";
import { mem } from "../devices/drivers/mem.ts";
import { type TtyDevice, ttyDriver } from "../devices/drivers/tty-driver.ts";
import type { TtyPort } from "../devices/drivers/tty-port.ts";
import { MKDEV } from "../devices/drivers/vm.ts";
import { VirtualTerminal } from "../devices/drivers/vt.ts";
import { VideoCard } from "../devices/hardware/video-card.ts";
import { Display, type DisplayFrame } from "./display/display.ts";
import { checkModeFits } from "./display/mode.ts";
import { InputDevices } from "./input/input-devices.ts";
import { KernelCore, type KernelOptions } from "./kernel/kernel.ts";
import type { Process, SpawnOptions } from "./kernel/spawn.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { attachStandardFiles, type StandardFileOptions, serialTerminal } from "./standard-files.ts";

/** Vertical blanks a second. */
export const REFRESH_RATE = 60;

export interface ComputerOptions extends MachineOptions, KernelOptions, StandardFileOptions {
  /** The mode after power-on. Pixels, 8 to 4096 each way; `format` is a FORMAT_…. Default 640 × 480, xrgb8888. */
  display?: { width: number; height: number; format?: number };
  /** What /dev/input/event1 is. Default: a tablet. */
  pointer?: "tablet" | "touchscreen";
  /**
   * Where /dev/console and the programs' standard files are: the serial terminal (the default), or /dev/tty1, which is
   * painted on the framebuffer and typed at with the machine's keyboard; what comes in on `input`, or on `terminal`, is
   * typed there too.
   */
  console?: "serial" | "framebuffer";
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
  /** The host's end of the serial terminal, /dev/ttyS0. */
  readonly serial: TtyPort;
  /** The console on the framebuffer, when it was asked for. */
  readonly vt: VirtualTerminal | null;
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
    this.vt = options.console === "framebuffer" ? makeVt(card, options) : null;
    attachStandardFiles(this.kernel, ...standardFiles(this.vt, options));
    const pointer = options.pointer ?? "tablet";
    this.input = new InputDevices(pointer === "touchscreen");
    const typedElsewhere = this.kernel.inputOpen;
    this.kernel.inputOpen = () => this.input.isOpen || typedElsewhere();
    const { keyboard, pointerPort, mouse } = this.input;
    const ports = { keyboard, pointer: pointerPort, mouse };
    const inputDriver = input(ports, { pointer, ...(this.vt === null ? {} : { onKeyboard: this.vt.keyboard }) });
    const terminals = terminalsOf(this.vt, options);
    this.serial = terminals.at(-1)!.port;
    for (const driver of [mem, ttyDriver(terminals), fb(card, this.vt ?? undefined), inputDriver]) {
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

const makeVt = (card: VideoCard, { input, terminal }: ComputerOptions): VirtualTerminal => {
  const { width, height } = card.state.frame;
  return new VirtualTerminal(width, height, input ?? terminal?.input);
};

/** The machine's terminals: the first is the console, the last the serial one. */
const terminalsOf = (vt: VirtualTerminal | null, options: ComputerOptions): TtyDevice[] => {
  if (vt === null) return [serialTerminal(options)];
  const { terminal: _, ...others } = options;
  const nodes = ["tty1", "tty0"].map((name) => ({
    name,
    dev: MKDEV(TTY_MAJOR, Number(name.slice(3))),
    port: vt.port,
  }));
  return [...nodes, serialTerminal(others)];
};

/** What attachStandardFiles is told: with a virtual terminal all programs begin there. */
const standardFiles = (
  vt: VirtualTerminal | null,
  options: ComputerOptions,
): [options: StandardFileOptions, terminal?: string] => {
  if (vt === null) return [options];
  const { input: _input, onTerminal: _onTerminal, ...others } = options;
  return [{ ...others, terminal: vt.port }, "/dev/tty1"];
};
