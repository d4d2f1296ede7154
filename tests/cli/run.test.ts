/** `scanout run`: what the README and --help promise. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodePNG } from "../../src/display/png.ts";
import { scanout } from "./scanout.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scanout-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text = ""): string => {
  const path = join(folder, name);
  if (text !== "") writeFileSync(path, text);
  return path;
};

test("--png writes the picture in the size and format asked for, the same mapped and copied", () => {
  const direct = file("direct.png");
  const copied = file("copied.png");
  const mode = ["--size", "64x48", "--format", "rgb565"];
  expect(scanout(["run", ...mode, "--png", direct, "plasma"])).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(scanout(["run", ...mode, "--png", copied, "plasma", "--copied"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const picture = decodePNG(readFileSync(direct));
  expect([picture.width, picture.height]).toEqual([64, 48]);
  expect(decodePNG(readFileSync(copied)).data).toEqual(picture.data);
  expect(new Set(new Uint32Array(picture.data.buffer)).size).toBeGreaterThan(100);
});

test("--frames stops after that many, and a number in the file's name keeps each", () => {
  const { code } = scanout(["run", "--size", "64x48", "--frames", "3", "--png", file("f-%02d.png"), "bounce"]);
  expect(code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(["f-01.png", "f-02.png", "f-03.png"]);
  expect(readFileSync(file("f-01.png"))).not.toEqual(readFileSync(file("f-03.png")));
});

test("--frames ends a guest that would go on for ever", () => {
  const polite = file(
    "polite.ts",
    `import { program } from "scanout/guest";
     export default program(async (c) => { for (;;) await c.nanosleep({ tv_sec: 0, tv_nsec: 1000000 }); });`,
  );
  expect(scanout(["run", "--frames", "5", polite])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a guest may be a TypeScript or a JavaScript module anywhere; its value is the exit code", () => {
  const typed = file(
    "guest.ts",
    `import { O_RDWR } from "scanout/abi/fcntl";
     import { program } from "scanout/guest";
     export default program(async (c): Promise<number> => {
       await c.puts(\`\${c.user.argv.slice(1).join(" ")} \${await c.open("/dev/fb0", O_RDWR)}\`);
       return 7;
     });`,
  );
  expect(scanout(["run", typed, "--frames", "x", "--png"])).toEqual({
    code: 7,
    stdout: "--frames x --png 3\n",
    stderr: "",
  });
  const plain = file("guest.mjs", "export const guest = { main: () => 9 };");
  expect(scanout(["run", plain]).code).toBe(9);
});

test("what comes through a pipe reaches the guest as it is, and then the end of the file", () => {
  const echo = file(
    "echo.ts",
    `import { program } from "scanout/guest";
     export default program(async (c) => {
       for (;;) {
         const bytes = await c.readBytes(0, 100);
         if (bytes === -1 || bytes.length === 0) return 0;
         await c.print(new TextDecoder().decode(bytes));
       }
     });`,
  );
  expect(scanout(["run", echo], { input: "one\ntwo\nno newline" })).toEqual({
    code: 0,
    stdout: "one\ntwo\nno newline",
    stderr: "",
  });
});

test("a guest killed by a signal: its name and the address on stderr, 128 + the signal as exit code", () => {
  const wild = file("wild.mjs", "export default (user) => user.store32(0x10, 1);");
  expect(scanout(["run", wild])).toEqual({
    code: 139,
    stdout: "",
    stderr: `scanout: ${wild}: killed by SIGSEGV (Segmentation fault) at address 0x10\n`,
  });
});

test("a guest that throws is aborted, and says what it threw", () => {
  const broken = file("broken.mjs", 'export default () => { throw new Error("this went wrong"); };');
  const { code, stderr } = scanout(["run", broken]);
  expect(code).toBe(134);
  expect(stderr).toContain("broken.mjs: uncaught Error: this went wrong");
});

test("--maps, --dmesg, --stats and --strace go to stderr", () => {
  const { code, stdout, stderr } = scanout([
    "run",
    "--maps",
    "--dmesg",
    "--stats",
    "--strace",
    "--size",
    "64x48",
    "plasma",
  ]);
  expect(code).toBe(0);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^3[0-9a-f]{9}-3[0-9a-f]{9} rw-s 00000000 00:06 \d+ +\/dev\/fb0$/m);
  expect(stderr).toMatch(/^\[ {4}0\.000000\] fb0: /m);
  expect(stderr).toMatch(/^page faults +1$/m);
  expect(stderr).toMatch(/^openat\(AT_FDCWD, "\/dev\/fb0", O_RDWR\) += 3$/m);
  expect(stderr).toMatch(/^\+\+\+ exited with 0 \+\+\+$/m);
});

const refused: readonly (readonly [what: string, args: string[], reason: RegExp])[] = [
  ["an unknown guest", ["run", "nosuch"], /^scanout: no built-in guest "nosuch"/],
  ["a file that is not there", ["run", "./nosuch.ts"], /^scanout: no such file: \.\/nosuch\.ts$/],
  ["a folder", ["run", "./"], /^scanout: not a file: \.\/$/],
  ["a size that is none", ["run", "--size", "0x0", "plasma"], /^scanout: size "0x0": 0 is not from 8 to 4096$/],
  ["a format that is none", ["run", "--format", "rgb888", "plasma"], /^scanout: format "rgb888": expected one of/],
  ["a mode too large", ["run", "--size", "4096x4096", "plasma"], /needs 67108864 bytes of video memory/],
  ["a number that is none", ["run", "--frames", "-1", "plasma"], /^scanout: --frames -1: not a whole number/],
  ["too much RAM", ["run", "--memory", "9999", "plasma"], /^scanout: RAM: \d+ bytes is not a multiple/],
  ["an unknown option", ["run", "--nosuch", "plasma"], /^error: unknown option '--nosuch'$/],
  ["an unknown command", ["nosuch"], /^error: unknown command 'nosuch'$/],
];

test.each(refused)("%s: one clear line and exit code 2", (_what, args, reason) => {
  const { code, stdout, stderr } = scanout(args);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  const [line, ...rest] = stderr.trimEnd().split("\n");
  expect(line).toMatch(reason);
  expect(rest.filter((text) => text.startsWith("    at "))).toEqual([]);
});

test("a module that exports no guest, and one that does not compile", () => {
  const none = file("none.mjs", "export default 5;");
  expect(scanout(["run", none])).toMatchObject({ code: 2, stderr: expect.stringMatching(/exports no guest/) });
  const broken = file("broken.ts", "this is not TypeScript (");
  expect(scanout(["run", broken])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^scanout: cannot load .*\n$/),
  });
});

test("a picture that cannot be written is refused before anything is drawn", () => {
  const where = file("taken", "a file, not a folder");
  const { code, stderr } = scanout(["run", "--png", join(where, "p.png"), "plasma"]);
  expect([code, stderr.split("\n").length]).toEqual([2, 2]);
});
