/** `machine.console` and spawn(…, { console: true }). Truth: termios(3), ioctl_tty(2), tty(4), as a terminal of Linux behaves. */
import { afterEach, expect, it } from "vitest";
import { TIOCGWINSZ, winsize } from "../../abi/ioctl.ts";
import { SIGHUP, SIGINT, SIGWINCH } from "../../abi/signal.ts";
import { program } from "../../guests/libc.ts";
import { type CreateMachineOptions, createMachine, type ScanoutMachine } from "../../src/index.ts";
import { cat, exits } from "./programs.ts";

const machines: ScanoutMachine[] = [];
afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.dispose();
});

const make = async (options: CreateMachineOptions = {}) => {
  let text = "";
  const decoder = new TextDecoder();
  const onConsole = (bytes: Uint8Array): void => {
    text += decoder.decode(bytes, { stream: true });
  };
  const machine = await createMachine({ memory: "16MiB", videoMemory: "4MiB", onConsole, ...options });
  machines.push(machine);
  const shown = (): string => {
    const taken = text;
    text = "";
    return taken;
  };
  return { machine, shown };
};

it("echoes and edits a line, and ^D at its beginning is the end of the file", async () => {
  const { machine, shown } = await make();
  const program = machine.spawn(cat(), [], { console: true });
  expect(await machine.run()).toMatchObject({ ended: "idle" });
  machine.console.type("abx\x7f\r");
  await machine.run();
  expect(shown()).toBe("abx\b \b\r\nab\r\n");
  machine.console.type("é\x7f\x04");
  expect(await machine.run()).toMatchObject({ ended: "exited" });
  // ERASE takes the whole character: the terminal shows UTF-8.
  expect(shown()).toBe("é\b \b");
  expect(await program.exited).toEqual({ code: 0 });
});

it("^C interrupts what is in the foreground", async () => {
  const { machine, shown } = await make();
  const program = machine.spawn(cat(), [], { console: true });
  await machine.run();
  machine.console.type("\x03");
  await machine.run();
  expect(await program.exited).toEqual({ signal: SIGINT, address: 0 });
  expect(shown()).toBe("^C");
});

it("tells its size, and that it has another", async () => {
  const { machine, shown } = await make();
  const sizes = program(async (c) => {
    let told = false;
    c.sigaction(SIGWINCH, () => {
      told = true;
    });
    for (let i = 0; i < 2; i++) {
      const size = await c.ioctlStruct(1, TIOCGWINSZ, winsize);
      if (size === -1) return 1;
      await c.print(`${size.ws_col}x${size.ws_row} ${told}\n`);
      if (i === 0) await c.readBytes(0, 1);
    }
    return 0;
  });
  const started = machine.spawn(sizes, [], { console: true });
  await machine.run();
  machine.console.resize({ columns: 132, rows: 50 });
  await machine.run();
  expect(await started.exited).toEqual({ code: 0 });
  expect(shown()).toBe("80x24 false\r\n132x50 true\r\n");
});

it("a user who goes takes the session along: SIGHUP", async () => {
  const { machine } = await make();
  const there = machine.spawn(cat(), [], { console: true });
  const elsewhere = machine.spawn(cat(), [], { stdin: "piped" });
  await machine.run();
  machine.console.hangUp();
  await machine.run();
  expect(await there.exited).toEqual({ signal: SIGHUP, address: 0 });
  expect(await elsewhere.exited).toEqual({ code: 0 });
});

it("wakes a machine that waits for it, and refuses after its end", async () => {
  const { machine, shown } = await make();
  const started = machine.spawn(cat(), [], { console: true });
  machine.start();
  await new Promise((resolve) => setTimeout(resolve, 20));
  machine.console.type("x\r\x04");
  await started.exited;
  expect(shown()).toBe("x\r\nx\r\n");
  await machine.dispose();
  for (const use of [() => machine.console.type("x"), () => machine.console.hangUp()]) {
    expect(use).toThrow(expect.objectContaining({ code: "EDISPOSED" }));
  }
});

it("limits of the machine: a clear refusal, and their errno", async () => {
  await expect(make({ limits: { processes: 0 } })).rejects.toMatchObject({
    code: "ERANGE_OPTION",
    message: "limit processes: 0 is not an integer from 1 to 32767",
  });
  const { machine } = await make({ limits: { processes: 1 } });
  machine.spawn(cat());
  expect(() => machine.spawn(exits(0))).toThrow(/too many processes/);
});
