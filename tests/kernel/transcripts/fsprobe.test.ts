/**
 * Truth: fsprobe.txt, what Linux 6.18 answered to the calls of fsprobe.c on a tmpfs. Each of its lines is parsed, made
 * again by a program on our kernel, and compared.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as errno from "../../../abi/errno.ts";
import * as fcntl from "../../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../../abi/mman.ts";
import * as poll from "../../../abi/poll.ts";
import type { User } from "../../../abi/program.ts";
import { SIG_IGN, SIGPIPE, sigaction } from "../../../abi/signal.ts";
import * as stat from "../../../abi/stat.ts";
import * as syscalls from "../../../abi/syscalls.ts";
import { timespec } from "../../../abi/time.ts";
import { mem } from "../../../devices/drivers/mem.ts";
import { bootTestKernel } from "../boot.ts";

const recorded = readFileSync(new URL("./fsprobe.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

const BUF = 0x1000_0000;
const EDGE = 0x2000_0ffc;
const HOLE = 0x2000_1000;
/** Where strings that are arguments are put, and structures of the probe's own. */
const STRINGS = 0x3000_0000;

const CONSTANTS: Readonly<Record<string, unknown>> = { ...fcntl, ...stat, ...poll, buf: BUF, edge: EDGE, hole: HOLE };
const NUMBERS: Readonly<Record<string, unknown>> = syscalls;
const STRING_MACROS: Readonly<Record<string, string>> = { N255: "n".repeat(255), N256: "n".repeat(256) };
const errnoNames: ReadonlyMap<number, string> = new Map(
  Object.entries(errno)
    .filter(([name]) => name !== "EWOULDBLOCK")
    .flatMap(([name, value]) => (typeof value === "number" ? [[value, name] as const] : [])),
);

const constant = (text: string): number => {
  const name = text.trim().replace(/^(-?(0x[\da-f]+|\d+))L$/i, "$1");
  if (/^-?0\d+$/.test(name)) return Number.parseInt(name, 8);
  const value = CONSTANTS[name] ?? Number(name);
  if (typeof value !== "number" || Number.isNaN(value)) throw new Error(`unknown constant ${text}`);
  return value;
};

/** One constant, which may be wider than 32 bits, or several joined by |. */
const constants = (text: string): number => {
  const [first = "", ...others] = text.split("|");
  return others.length === 0 ? constant(first) : others.reduce((all, part) => all | constant(part), constant(first));
};

const encode = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

class Probe {
  readonly #user: User;
  #strings = STRINGS;

  constructor(user: User) {
    this.#user = user;
  }

  setUp(): void {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    for (const [address, size] of [
      [BUF, 0x1_0000],
      [EDGE - 0xffc, 0x1000],
      [STRINGS, 0x4000],
    ] as const) {
      const mapped = this.#call("mmap", address, size, PROT_READ | PROT_WRITE, flags, -1, 0);
      if (mapped !== address) throw new Error(`mmap gave ${mapped}`);
    }
    this.#user.write(STRINGS, sigaction.encode({ sa_handler: SIG_IGN }));
    this.#call("rt_sigaction", SIGPIPE, STRINGS, 0, 8);
  }

  /** The right side of a line, given its left. */
  answer(line: string): string {
    this.#strings = STRINGS;
    const [, name = "", rest = ""] = /^(\w+)\((.*)\)$/.exec(line)!;
    const texts = rest.match(/"[^"]*"|[^,]+/g) ?? [];
    switch (name) {
      case "text":
        return new TextDecoder().decode(this.#user.read(BUF, constant(texts[0]!)));
      case "ints":
        return Array.from({ length: constant(texts[0]!) }, (_, i) => this.#user.load32(BUF + 4 * i)).join(" ");
      case "longs":
        for (const [i, text] of texts.entries()) this.#user.store64(BUF + 8 * i, BigInt(constant(text)));
        return "0";
      case "stat":
        return this.#stat(this.#argument(texts[0]!));
      case "poll":
        return this.#poll(constant(texts[0]!), constants(texts[1]!));
      case "write":
        if (texts[1]!.startsWith('"')) return this.#writeText(constant(texts[0]!), JSON.parse(texts[1]!) as string);
    }
    return show(this.#call(name, ...texts.map((text) => this.#argument(text))));
  }

  #call(name: string, ...args: number[]): number {
    const result = this.#user.syscall(NUMBERS[`SYS_${name}`] as number, ...args);
    if (typeof result !== "number") throw new Error(`${name} sleeps`);
    return result;
  }

  #argument(text: string): number {
    const trimmed = text.trim();
    const string = trimmed.startsWith('"') ? (JSON.parse(trimmed) as string) : STRING_MACROS[trimmed];
    if (string === undefined) return constants(trimmed);
    const address = this.#strings;
    const bytes = encode(string);
    this.#user.write(address, bytes);
    this.#strings += bytes.length;
    return address;
  }

  #writeText(fd: number, text: string): string {
    const bytes = encode(text);
    this.#user.write(BUF, bytes);
    return show(this.#call("write", fd, BUF, bytes.length - 1));
  }

  #stat(path: number): string {
    const at = this.#strings + 8 - (this.#strings % 8);
    const result = this.#call("newfstatat", fcntl.AT_FDCWD, path, at, fcntl.AT_SYMLINK_NOFOLLOW);
    if (result < 0) return show(result);
    const { st_mode, st_nlink, st_size } = stat.stat.read(this.#user.read(at, stat.stat.size));
    return `${st_mode.toString(8)} ${st_nlink} ${st_size}`;
  }

  #poll(fd: number, events: number): string {
    this.#user.write(STRINGS, poll.pollfd.encode({ fd, events, revents: 77 }));
    this.#user.write(STRINGS + 8, timespec.encode({}));
    const ready = this.#call("ppoll", STRINGS, 1, STRINGS + 8, 0, 8);
    return `${ready} ${poll.pollfd.read(this.#user.read(STRINGS, 8)).revents}`;
  }
}

const show = (result: number): string => (result < 0 ? `-1 ${errnoNames.get(-result)}` : String(result));

test("every call of the probe answers as on Linux", async () => {
  const { kernel } = await bootTestKernel();
  expect(kernel.insmod(mem)).toBe(0);
  const ours: string[] = [];
  const main = (user: User): void => {
    const probe = new Probe(user);
    probe.setUp();
    for (const line of recorded) {
      const call = line.slice(0, line.lastIndexOf(") = ") + 1) || line.slice(0, line.lastIndexOf(") =") + 1);
      ours.push(`${call} = ${probe.answer(call)}`);
    }
  };
  const { exited } = kernel.spawn(main, { argv: ["fsprobe"], cwd: "/tmp" });
  expect(await exited).toEqual({ code: 0 });
  expect(ours).toEqual(recorded);
});
