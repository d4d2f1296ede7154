/** The machine's side of the page: it runs here, draws on the page's canvas, and tells what people want to know. */
import { createMachine, type GuestProgram, type ScanoutMachine } from "../src/index.ts";
import { gallery } from "./gallery.ts";
import type { FromWorker, Mode, State, ToWorker } from "./protocol.ts";
import { drawThumbnails } from "./thumbnails.ts";
import { TraceBuffer } from "./trace-buffer.ts";

const FRAME = 1000 / 60;
/** How often figures and mappings are told, in milliseconds. */
const REPORT = 500;
const ENDLESS = 99_999_999;

const tell = (message: FromWorker): void => self.postMessage(message);

class Desk {
  #canvas: OffscreenCanvas | null = null;
  #machine: ScanoutMachine | null = null;
  #program: GuestProgram | null = null;
  #name = "";
  #mode: Mode = { width: 640, height: 480, format: "xrgb8888" };
  #state: State = "empty";
  /** Counts loads: who waited meanwhile sees that he is late. */
  #generation = 0;
  readonly #trace = new TraceBuffer((lines, dropped) => tell({ type: "trace", lines, dropped }));
  #traces = false;
  #busy = 0;
  #shown = 0;
  #since = performance.now();
  #instructions = 0;
  #due = 0;
  /** How much of the kernel's log is older than the program. */
  #logRead = 0;

  async handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case "canvas":
        this.#canvas = message.canvas;
        return;
      case "load":
        return await this.#load(message);
      case "play":
        if (this.#state === "paused") this.#play();
        return;
      case "pause":
        if (this.#state === "running") this.#setState("paused");
        return;
      case "step":
        if (this.#state === "running") this.#setState("paused");
        else if (this.#state === "paused") await this.#frame(this.#generation);
        return;
      case "trace":
        this.#traces = message.on;
        if (this.#machine !== null) this.#follow(this.#machine);
        return;
      case "screenshot":
        if (this.#machine !== null) tell({ type: "png", bytes: await this.#machine.display.toPNG(), name: this.#name });
        return;
      default:
        if (this.#machine !== null) this.#operate(this.#machine, message);
    }
  }

  #operate(machine: ScanoutMachine, message: ToWorker): void {
    switch (message.type) {
      case "key":
        try {
          machine.input.key(message.code, message.state);
        } catch {
          // A key that the machine's keyboard has not.
        }
        return;
      case "pointer":
        machine.input.pointer(message);
        return;
      case "wheel":
        machine.input.wheel(message.dx, message.dy);
        return;
      case "stdin":
        if (this.#program?.status === null) this.#program.stdin.write(message.text);
        return;
      case "look":
        tell({ type: "place", place: machine.inspect.pixel(message.x, message.y) });
    }
  }

  async #load({ name, elf, args, frames, mode }: Extract<ToWorker, { type: "load" }>): Promise<void> {
    const generation = ++this.#generation;
    const before = this.#machine;
    this.#machine = null;
    await before?.dispose();
    const exhibit = elf === undefined ? gallery.find((one) => one.name === name) : undefined;
    const program = elf ?? (await exhibit?.load());
    if (program === undefined) return this.#refuse(name, mode, `the gallery has no program ${name}`);
    const machine = await createMachine({ display: { ...mode } });
    if (generation !== this.#generation) return await machine.dispose();
    this.#machine = machine;
    this.#name = name;
    this.#mode = mode;
    if (this.#canvas !== null) machine.display.attach(this.#canvas);
    machine.display.takeDamage();
    const decoder = new TextDecoder();
    const output = (bytes: Uint8Array): void => tell({ type: "output", text: decoder.decode(bytes, { stream: true }) });
    this.#program = null;
    this.#logRead = machine.kernel.dmesg().length;
    if (exhibit?.prepare != null) tell({ type: "output", text: `${exhibit.prepare(machine)}# ./${name}\n` });
    this.#follow(machine);
    try {
      const env = { FRAMES: String(frames === 0 ? ENDLESS : frames) };
      this.#program = machine.spawn(program, args, { name, env, stdout: output, stderr: output });
    } catch (error) {
      return this.#refuse(name, mode, error instanceof Error ? error.message : String(error));
    }
    this.#since = performance.now();
    this.#instructions = 0;
    this.#busy = 0;
    this.#shown = 0;
    this.#play();
  }

  #follow(machine: ScanoutMachine): void {
    this.#trace.stop();
    if (this.#traces) this.#trace.follow(machine);
  }

  /** The program cannot be started. */
  #refuse(name: string, mode: Mode, reason: string): void {
    this.#name = name;
    this.#mode = mode;
    this.#setState("empty", "Not started.");
    tell({ type: "error", text: reason });
  }

  #setState(state: State, text = ""): void {
    this.#state = state;
    tell({ type: "state", state, name: this.#name, mode: this.#mode, text });
  }

  #play(): void {
    this.#setState("running");
    this.#due = performance.now();
    void this.#loop(this.#generation).catch(fail);
  }

  /** A frame every sixtieth of a second, or as fast as it goes. */
  async #loop(generation: number): Promise<void> {
    while (generation === this.#generation && this.#state === "running") {
      await this.#frame(generation);
      this.#due = Math.max(this.#due + FRAME, performance.now() - FRAME);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.#due - performance.now())));
    }
  }

  async #frame(generation: number): Promise<void> {
    const machine = this.#machine;
    if (machine === null || machine.isRunning) return;
    const before = performance.now();
    const { ended } = await machine.run({ frames: 1 });
    if (generation !== this.#generation) return;
    this.#busy += performance.now() - before;
    this.#shown++;
    const damage = machine.display.takeDamage();
    if (damage !== null) tell({ type: "damage", ...damage, height: machine.display.height });
    if (ended === "exited") this.#ended();
    if (performance.now() - this.#since > REPORT || this.#state !== "running") this.#report(machine);
  }

  #ended(): void {
    const status = this.#program?.status ?? null;
    let text = "The machine is idle.";
    if (status !== null && "code" in status) text = `Exited with status ${status.code}.`;
    else if (status !== null) text = `Killed by signal ${status.signal} at address 0x${status.address.toString(16)}.`;
    const log = this.#machine?.kernel.dmesg().slice(this.#logRead) ?? "";
    if (log !== "") tell({ type: "output", text: `# dmesg\n${log}` });
    this.#setState("ended", text);
  }

  #report(machine: ScanoutMachine): void {
    const now = performance.now();
    const { instructions, systemCalls, pageFaults, bytesCopied, frames } = machine.stats;
    const mips = this.#busy > 0 ? (instructions - this.#instructions) / this.#busy / 1000 : 0;
    const frameRate = this.#state === "running" ? (1000 * this.#shown) / (now - this.#since) : 0;
    const load = this.#shown > 0 ? this.#busy / this.#shown / FRAME : 0;
    tell({ type: "figures", figures: { frameRate, mips, load, systemCalls, pageFaults, bytesCopied, frames } });
    const [process] = machine.inspect.processes();
    tell({ type: "maps", text: process === undefined ? "" : machine.inspect.maps(process.pid) });
    this.#since = now;
    this.#busy = 0;
    this.#shown = 0;
    this.#instructions = instructions;
  }
}

const fail = (error: unknown): void =>
  tell({ type: "error", text: error instanceof Error ? error.message : String(error) });

const desk = new Desk();
self.onmessage = ({ data }: MessageEvent<ToWorker | { type: "thumbnails" }>) => {
  if (data.type === "thumbnails") void drawThumbnails(gallery, tell).catch(fail);
  else void desk.handle(data).catch(fail);
};
tell({ type: "ready" });
