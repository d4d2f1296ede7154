/**
 * Truth: a real Linux. record-tty.py typed at a pseudoterminal in many settings, and wrote down what came out, what read(2)
 * gave, which signals came (a signal that is pending is not queued again, signal(7)), and what FIONREAD and poll(2) said; our terminal must give the same, step by step.
 *
 * The recorder's console is a pty, so control characters, columns and line ends are the line discipline's alone.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EAGAIN } from "../../abi/errno.ts";
import { O_NONBLOCK, O_RDWR } from "../../abi/fcntl.ts";
import { FIONREAD } from "../../abi/ioctl.ts";
import { POLLIN, POLLOUT } from "../../abi/poll.ts";
import type { File, Kernel } from "../../devices/drivers/driver.ts";
import { HostInput } from "../../devices/drivers/host-input.ts";
import { Tty } from "../../devices/drivers/tty.ts";
import { ttyIoctl } from "../../devices/drivers/tty-ioctl.ts";
import { TtyPort } from "../../devices/drivers/tty-port.ts";

interface Settings {
  readonly i: number;
  readonly o: number;
  readonly l: number;
  readonly cc: readonly number[];
}

interface Step {
  readonly do:
    | readonly ["feed", string]
    | readonly ["read", number]
    | readonly ["write", string]
    | readonly ["set", Settings];
  readonly result: string | number;
  readonly out: string;
  readonly signals: readonly number[];
  readonly queued: number;
  readonly events: number;
}

interface Case {
  readonly name: string;
  readonly settings: Settings;
  readonly steps: readonly Step[];
}

const cases = readFileSync(new URL("transcripts/tty.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const file = { flags: O_RDWR | O_NONBLOCK } as File;

/** A terminal of the process 1, which is all there is; its memory is one buffer. */
class Replay {
  readonly #memory = new Uint8Array(0x1_0000);
  readonly #out: Uint8Array[] = [];
  readonly #signals: number[] = [];
  readonly #input = new HostInput();
  readonly #kernel = {
    current: { pid: 1, comm: "recorder", pgid: 1, sid: 1, call: { started: 0, moved: 0 } },
    waitQueue: () => ({ wakeUp: () => {} }),
    onSessionEnd: () => {},
    killPgrp: (_group: number, signo: number) => void this.#signals.push(signo),
    ktimeGet: () => 0,
    copyToUser: (to: number, from: Uint8Array) => {
      this.#memory.set(from, to);
      return 0;
    },
    copyFromUser: (into: Uint8Array, from: number) => {
      into.set(this.#memory.subarray(from, from + into.length));
      return 0;
    },
  };
  readonly #tty: Tty;

  constructor(settings: Settings) {
    const sink = { write: (bytes: Uint8Array) => void this.#out.push(bytes), size: { columns: 80, rows: 24 } };
    this.#tty = new Tty(this.#kernel as unknown as Kernel, new TtyPort(sink, this.#input));
    this.#tty.jobs.take();
    this.#set(settings);
  }

  #set({ i, o, l, cc }: Settings): void {
    const { line } = this.#tty;
    line.termios = { ...line.termios, c_iflag: i, c_oflag: o, c_lflag: l, c_cc: [...cc] };
  }

  #try(result: number, text: (count: number) => string | number): string | number {
    return result === -EAGAIN ? "EAGAIN" : text(result);
  }

  #perform(step: Step["do"]): string | number {
    switch (step[0]) {
      case "feed":
        this.#input.feed(Buffer.from(step[1], "hex"));
        return 0;
      case "set":
        this.#set(step[1]);
        return 0;
      case "read":
        // Each read is a call of its own.
        this.#kernel.current.call = { started: 0, moved: 0 };
        return this.#try(this.#tty.read(file, 0, step[1], false), (count) => hex(this.#memory.subarray(0, count)));
      case "write":
        this.#memory.set(Buffer.from(step[1], "hex"));
        return this.#try(this.#tty.write(file, 0, step[1].length / 2, false), (count) => count);
    }
  }

  step(step: Step["do"]): Step {
    const result = this.#perform(step);
    const out = hex(Buffer.concat(this.#out.splice(0)));
    const signals = [...new Set(this.#signals.splice(0))].sort((a, b) => a - b);
    ttyIoctl(this.#kernel as unknown as Kernel, this.#tty, true, file, FIONREAD, 0);
    const queued = new DataView(this.#memory.buffer).getInt32(0, true);
    const events = this.#tty.poll({ pollWait: () => {} }) & (POLLIN | POLLOUT);
    return { do: step, result, out, signals, queued, events };
  }
}

test("the transcript is there", () => {
  expect(cases.length).toBeGreaterThan(250);
});

describe("our terminal does as the recorded one", () => {
  test.each(cases)("$name", ({ settings, steps }) => {
    const replay = new Replay(settings);
    expect(steps.map((step) => replay.step(step.do))).toEqual(steps);
  });
});
