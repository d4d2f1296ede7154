/**
 * `scanout run` at a terminal: a pseudoterminal of the host plays it. Truth: what the same program shows and gets on
 * Linux (termios(3), ioctl_tty(2), tty(4)), and a shell's exit codes.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "scanout-terminal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const main = new URL("../../dist/src/cli/main.js", import.meta.url).pathname;
const missing =
  process.platform !== "linux" || spawnSync("python3", ["-c", "import pty, termios"]).status !== 0
    ? "needs Linux and python3 for a pseudoterminal (Debian: apt-get install python3)"
    : "";

/** Says what its files are, then reads until the end; its arguments say how. */
const probe = join(folder, "probe.ts");
writeFileSync(
  probe,
  `import { program } from "scanout/guest";
   import { TCGETS, TCSETS, TIOCGWINSZ, winsize } from "scanout/abi/ioctl";
   import { SIGINT, SIGTERM, SIGWINCH } from "scanout/abi/signal";
   import { termios } from "scanout/abi/termios";
   export default program(async (c) => {
     const args = c.user.argv.slice(1);
     const isatty = [0, 1, 2].map((fd) => (c.ioctlStruct(fd, TCGETS, termios) === -1 ? "pipe" : "tty"));
     const size = c.ioctlStruct(2, TIOCGWINSZ, winsize);
     await c.print("files " + isatty.join(" ") + "\\n");
     if (size !== -1) await c.print("size " + size.ws_col + "x" + size.ws_row + "\\n");
     if (args.includes("raw")) {
       const set = c.ioctlStruct(0, TCGETS, termios);
       c.ioctlStruct(0, TCSETS, termios, { ...set, c_iflag: 0, c_oflag: 0, c_lflag: 0 });
     }
     if (args.includes("handle")) {
       for (const signo of [SIGINT, SIGTERM, SIGWINCH]) c.sigaction(signo, () => {});
     }
     await c.print("ready\\n");
     for (;;) {
       const bytes = await c.readBytes(0, 100);
       if (bytes === -1) {
         const now = c.ioctlStruct(0, TIOCGWINSZ, winsize);
         await c.print("signal" + (now === -1 ? "" : " at " + now.ws_col + "x" + now.ws_row) + "\\n");
       } else if (bytes.length === 0 || bytes[0] === 0x71) return 7;
       else await c.print("got " + [...bytes].map((byte) => byte.toString(16)).join(" ") + "\\n");
     }
   });
`,
);

type Step = ["wait" | "type", string] | ["resize", number, number] | ["signal" | "sleep", number];

interface Session {
  readonly output: string;
  readonly code: number;
  readonly cooked: boolean;
  readonly missed: string | null;
}

const session = (args: readonly string[], steps: readonly Step[], pipes: readonly number[] = []): Promise<Session> =>
  run(["run", probe, ...args], steps, pipes);

const run = async (
  args: readonly string[],
  steps: readonly Step[],
  pipes: readonly number[] = [],
): Promise<Session> => {
  const plan = { argv: [process.execPath, main, ...args], size: [90, 30], steps, pipes };
  const script = new URL("run-on-pty.py", import.meta.url).pathname;
  const env = { ...process.env, NO_COLOR: "1", TERM: "xterm" };
  const child = spawn("python3", [script, JSON.stringify(plan)], { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const piece of child.stdout) text += piece;
  return JSON.parse(text) as Session;
};

describe.skipIf(missing)(`at a terminal${missing === "" ? "" : ` (skipped: ${missing})`}`, { timeout: 60_000 }, () => {
  test("the guest's own terminal echoes and edits; ^D ends the input; the host's is as before", async () => {
    const done = await session(
      [],
      [
        ["wait", "ready"],
        ["type", "abx\x7f\r"],
        ["wait", "got 61 62 a"],
        ["type", "\x04"],
      ],
    );
    expect(done).toEqual({
      output: "files tty tty tty\r\nsize 90x30\r\nready\r\nabx\b \b\r\ngot 61 62 a\r\n",
      code: 7,
      cooked: true,
      missed: null,
    });
  });

  test("^C is typed at the guest's terminal: SIGINT, and a shell's exit code", async () => {
    const done = await session(
      [],
      [
        ["wait", "ready"],
        ["type", "\x03"],
      ],
    );
    expect(done).toMatchObject({ code: 130, cooked: true, missed: null });
    expect(done.output).toContain("ready\r\n^C\r\n");
  });

  test("raw mode: each byte as it is typed, and the output as it is written", async () => {
    const steps: Step[] = [
      ["wait", "ready\n"],
      ["type", "\x03"],
      ["wait", "got 3\n"],
      ["type", "\x1b[A"],
      ["wait", "got 1b 5b 41\n"],
      ["type", "q"],
    ];
    expect(await session(["raw"], steps)).toMatchObject({ code: 7, cooked: true, missed: null });
  });

  test("a new size of the window is the guest's too, with SIGWINCH", async () => {
    const steps: Step[] = [
      ["wait", "ready"],
      ["resize", 70, 20],
      ["wait", "signal at 70x20"],
      ["type", "\x04"],
    ];
    expect(await session(["handle"], steps)).toMatchObject({ code: 7, missed: null });
  });

  test("three ^C within a second end a machine whose program handles them", async () => {
    const steps: Step[] = [
      ["wait", "ready"],
      ["type", "\x03"],
      ["wait", "signal"],
      ["type", "\x03\x03"],
    ];
    expect(await session(["handle"], steps)).toMatchObject({ code: 130, cooked: true, missed: null });
  });

  test("a signal of the host goes to the guest first, and ends the machine the second time", async () => {
    const steps: Step[] = [
      ["wait", "ready"],
      ["signal", 15],
      ["wait", "signal"],
      ["signal", 15],
    ];
    expect(await session(["handle"], steps)).toMatchObject({ code: 143, cooked: true, missed: null });
    expect(
      await session(
        [],
        [
          ["wait", "ready"],
          ["signal", 15],
        ],
      ),
    ).toMatchObject({ code: 143, cooked: true });
  });

  test("what is no terminal on the host is none in the guest", async () => {
    const done = await session([], [["wait", "ready"]], [0]);
    expect(done).toMatchObject({ code: 7, missed: null });
    expect(done.output).toContain("files pipe tty tty\r\n");
  });

  // A terminal that speaks kitty's protocol and says so; what is typed then are keys of the machine's keyboard.
  test("--terminal shows the screen and hands the keys to the guest", async () => {
    const done = await run(
      ["run", "--terminal", "--size", "320x200", "touch-paint"],
      [
        ["wait", "\u001b[c"],
        ["type", "\u001b_Gi=31;OK\u001b\\\u001b[4;600;900t\u001b[?62c"],
        ["wait", "\u001b[?1049h"],
        ["wait", "\u001b_Ga=T,f=32,o=z,s=320,v=200"],
        ["sleep", 0.3],
        ["type", "q"],
        ["wait", "\u001b[?1049l"],
      ],
    );
    expect(done).toMatchObject({ code: 0, cooked: true, missed: null });
    expect(done.output.indexOf("\u001b[?1003l")).toBeGreaterThan(done.output.indexOf("\u001b[?1003h"));
  });

  test("--terminal is half blocks where the terminal does not know better, and leaves the last picture", async () => {
    const done = await run(
      ["run", "--terminal", "--size", "64x48", "--frames", "3", "plasma"],
      [
        ["wait", "\u001b[c"],
        ["type", "\u001b[?1;2c"],
        ["wait", "\u001b[?1049l"],
      ],
    );
    expect(done).toMatchObject({ code: 0, cooked: true, missed: null });
    expect(done.output.slice(done.output.indexOf("\u001b[?1049l"))).toMatch(/[▀█▓▒░]/);
  });
});

/** Milliseconds that a program at a terminal took, which sleeps for `seconds`. */
const napping = async (options: readonly string[], seconds: number): Promise<number> => {
  const nap = new URL("../programs/bin/nap.elf", import.meta.url).pathname;
  const before = performance.now();
  const done = await run(["run", ...options, nap, String(seconds)], []);
  expect(done).toMatchObject({ output: `slept ${seconds}\r\n`, code: 0, missed: null });
  return performance.now() - before;
};

// --help: "wall … for a program file at a terminal that nothing records, limits by --fuel or counts by --frames".
describe.skipIf(missing)(
  `time at a terminal${missing === "" ? "" : ` (skipped: ${missing})`}`,
  { timeout: 60_000 },
  () => {
    test("a program's second is a second", async () => {
      expect(await napping([], 2)).toBeGreaterThan(2000);
    });

    // An hour: longer than any host is busy.
    test.each([
      ["--clock", "virtual"],
      ["--fuel", "1000000"],
      ["--frames", "1000000"],
    ])("but not with %s %s", async (...options) => {
      await napping(options, 3600);
    });
  },
);
