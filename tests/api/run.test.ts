/** Budgets, frames, determinism: src/api/runner.ts. Expected counts come from the programs' own listings. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { HART_F, HART_PC, HART_X } from "../../assembly/hart-layout.ts";
import { HART } from "../../assembly/layout.ts";
import { bounce } from "../../guests/bounce.ts";
import { plasma } from "../../guests/plasma.ts";
import { type CreateMachineOptions, createMachine, type ScanoutMachine } from "../../src/index.ts";
import { cat, endless, exits, longLines } from "./programs.ts";

const machines: ScanoutMachine[] = [];
const make = async (options: CreateMachineOptions = {}): Promise<ScanoutMachine> => {
  const machine = await createMachine({ memory: "16MiB", videoMemory: "4MiB", ...options });
  machines.push(machine);
  return machine;
};
afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.dispose();
});

const cGuest = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../guests/c/bin/${name}.elf`, import.meta.url)));

/** RAM, video memory and the hart's registers. */
const stateOf = ({ computer: { machine, kernel } }: ScanoutMachine): Buffer =>
  Buffer.concat([
    machine.control.ram(),
    machine.control.videoMemory(),
    machine.u8.subarray(HART + HART_PC, HART + HART_PC + 8),
    machine.u8.subarray(HART + HART_X, HART + HART_X + 256),
    machine.u8.subarray(HART + HART_F, HART + HART_F + 256),
    Buffer.from(String(kernel.clock.now)),
  ]);

describe("a budget of instructions", () => {
  it("nothing runs before run()", async () => {
    const machine = await make();
    machine.spawn(endless());
    machine.spawn(() => {
      machine.fs.writeFile("/tmp/ran", "");
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(machine.stats.instructions).toBe(0);
    expect(machine.fs.exists("/tmp/ran")).toBe(false);
  });

  it.each([1, 2, 3, 999, 2051, 500_000, 1_234_567, 3e7])("an endless loop retires exactly %d", async (instructions) => {
    const machine = await make();
    machine.spawn(endless());
    expect(await machine.run({ instructions })).toEqual({
      ended: "instructions",
      instructions,
      frames: Math.floor(instructions / (1e9 / 60)),
    });
    expect(machine.stats.instructions).toBe(instructions);
  });

  it("and goes on where it was: the counter in s0 and pc say how far", async () => {
    const machine = await make();
    machine.spawn(endless());
    const at = (): [bigint, number] => {
      const view = new DataView(machine.computer.machine.memory.buffer, HART);
      return [view.getBigUint64(HART_X + 8 * 8, true), Number(view.getBigUint64(HART_PC, true)) - 0x1_0078];
    };
    let total = 0;
    for (const instructions of [1, 1, 2, 5, 1000, 499_999, 500_001, 7]) {
      await machine.run({ instructions });
      total += instructions;
      // Two instructions a round, the first of which counts.
      expect(at()).toEqual([BigInt(Math.ceil(total / 2)), total % 2 === 0 ? 0 : 4]);
    }
  });

  it("any way to cut a run leaves the same machine", async () => {
    const whole = async (instructions: number, program: Uint8Array): Promise<Buffer> => {
      const machine = await make();
      machine.spawn(program, [], { env: { FRAMES: "1" } });
      await machine.run({ instructions });
      return stateOf(machine);
    };
    const drawing = cGuest("bounce");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 2, maxLength: 12 }), async (cuts) => {
        for (const program of [longLines(1500), drawing]) {
          const machine = await make();
          machine.spawn(program, [], { env: { FRAMES: "1" } });
          for (const instructions of cuts) await machine.run({ instructions });
          const total = cuts.reduce((sum, cut) => sum + cut, 0);
          expect(machine.stats.instructions).toBe(total);
          expect(stateOf(machine).equals(await whole(total, program))).toBe(true);
        }
      }),
      { numRuns: 6 },
    );
  });

  it("ends earlier when all is over", async () => {
    const machine = await make();
    const program = machine.spawn(exits(7));
    // addi, addi; the ecall does not retire: "ECALL and EBREAK … are not considered to retire" (privileged spec, 3.3.1).
    expect(await machine.run({ instructions: 1000 })).toMatchObject({ ended: "exited", instructions: 2 });
    expect(await program.exited).toEqual({ code: 7 });
    expect(await machine.run()).toMatchObject({ ended: "exited", instructions: 0 });
  });

  it("a number that is none is refused", async () => {
    const machine = await make();
    await expect(machine.run({ instructions: -1 })).rejects.toMatchObject({ code: "ERANGE_OPTION" });
    await expect(machine.run({ frames: 1.5 })).rejects.toMatchObject({ code: "ERANGE_OPTION" });
  });
});

describe("frames", () => {
  it("time passes for their sake, though every program sleeps: 60 a second", async () => {
    const machine = await make();
    machine.spawn(cat());
    expect(await machine.run({ frames: 30 })).toMatchObject({ ended: "frames", frames: 30 });
    expect(machine.stats.time).toBeCloseTo(0.5e9, -2);
    expect(await machine.run()).toMatchObject({ ended: "idle", frames: 0 });
  });

  it("one at a time shows what one run shows", async () => {
    const [one, other] = [await make(), await make()];
    for (const machine of [one, other]) machine.spawn(bounce.main, [], { env: { FRAMES: "5" } });
    await one.run({ frames: 4 });
    for (let i = 0; i < 4; i++) await other.run({ frames: 1 });
    expect(Buffer.from(one.display.pixels).equals(Buffer.from(other.display.pixels))).toBe(true);
    expect(stateOf(one).equals(stateOf(other))).toBe(true);
  });
});

describe("two machines", () => {
  it("interleaved do what each does alone", async () => {
    const start = async (program: "plasma" | "bounce"): Promise<ScanoutMachine> => {
      const machine = await make({ display: { width: 64, height: 48 } });
      machine.spawn(cGuest(program), [], { env: { FRAMES: "2" }, stdout: () => {} });
      machine.spawn(program === "plasma" ? bounce.main : plasma.main, [], { env: { FRAMES: "3" } });
      return machine;
    };
    const alone = [await start("plasma"), await start("bounce")];
    for (const machine of alone) for (let i = 0; i < 5; i++) await machine.run({ instructions: 200_000 });
    const together = [await start("plasma"), await start("bounce")];
    for (let i = 0; i < 5; i++) await Promise.all(together.map((machine) => machine.run({ instructions: 200_000 })));
    for (const [i, machine] of together.entries()) expect(stateOf(machine).equals(stateOf(alone[i]!))).toBe(true);
  });
});

describe("start and stop", () => {
  it("the event loop goes on meanwhile, and nothing runs after stop()", async () => {
    const machine = await make();
    machine.spawn(endless());
    machine.start();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
    expect(machine.isRunning).toBe(true);
    await expect(machine.run()).rejects.toMatchObject({ code: "EBUSY_RUN" });
    expect(() => machine.start()).toThrow(/stop\(\) it first/);
    await machine.stop();
    const { instructions } = machine.stats;
    expect(instructions).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(machine.stats.instructions).toBe(instructions);
  });

  it("an idle machine goes on when somebody writes", async () => {
    const machine = await make();
    const program = machine.spawn(cat());
    machine.start();
    await new Promise((resolve) => setTimeout(resolve, 5));
    program.stdin.end("hello");
    expect(await program.stdout.text()).toBe("hello");
    expect(await program.exited).toEqual({ code: 0 });
    await machine.stop();
  });

  it("when all programs have ended, the host's event loop goes on, and a new program starts", async () => {
    const machine = await make();
    const first = machine.spawn(exits(1));
    machine.start();
    expect(await first.exited).toEqual({ code: 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await machine.spawn(exits(2)).exited).toEqual({ code: 2 });
    await machine.stop();
  });

  it("stop() ends a run()", async () => {
    const machine = await make();
    machine.spawn(endless());
    const run = machine.run();
    setTimeout(() => void machine.stop(), 10);
    expect((await run).ended).toBe("stopped");
  });
});

describe("the wall clock", () => {
  it("a sleep takes as long as it says, and a blank comes 60 times a second", async () => {
    const machine = await make({ clock: "wall" });
    machine.spawn(cat());
    const before = performance.now();
    await machine.run({ frames: 6 });
    const took = performance.now() - before;
    expect(took).toBeGreaterThan(99);
    expect(machine.stats.time / 1e6).toBeGreaterThan(99);
    // While it does not run, its time stands still.
    const { time } = machine.stats;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(machine.stats.time).toBe(time);
  });

  it("time passes while a program computes", async () => {
    const machine = await make({ clock: "wall" });
    machine.spawn(endless());
    machine.start();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await machine.stop();
    expect(machine.stats.time / 1e6).toBeGreaterThan(20);
  });
});
