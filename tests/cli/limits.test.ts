/**
 * `scanout run --max-…` and `--fuel`: what --help promises, and the errno that a program sees. Truth: fork(2), open(2),
 * mmap(2), write(2) for the errnos; the issue for "exactly its fuel" and "within a millisecond".
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { ENOMEM } from "../../abi/errno.ts";
import { scanout } from "./scanout.ts";

const folder = mkdtempSync(join(tmpdir(), "scanout-limits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hostile = fileURLToPath(new URL("../programs/bin/hostile.elf", import.meta.url));

/** A TypeScript guest whose body is `text`; `c` is its C library. */
const guest = (name: string, text: string): string => {
  const path = join(folder, `${name}.ts`);
  const imports = `import { program } from "scanout/guest";
import { errnoName } from "scanout/abi/errno";
import { O_CREAT, O_RDWR } from "scanout/abi/fcntl";
import { SYS_mmap, SYS_write } from "scanout/abi/syscalls";
const PRIVATE = 0x22, NORESERVE = 0x4000, RW = 3;
`;
  writeFileSync(path, `${imports}export default program(async (c) => {\n${text}\n});\n`);
  return path;
};

// fork(2): "EAGAIN: A system-imposed limit on the number of threads was encountered." Then all sleep for ever: the
// machine says so, and ends them.
test("a fork bomb has its number of processes, and each hears EAGAIN", () => {
  const { code, stdout, stderr } = scanout(["run", "--max-processes", "40", "--dmesg", hostile, "fork-bomb"]);
  expect(stdout).toBe("fork: EAGAIN\n".repeat(40));
  expect(code).toBe(128 + 9);
  expect(stderr.match(/blocked for ever in ppoll/g)).toHaveLength(40);
});

// open(2): "EMFILE: The per-process limit on the number of open file descriptors has been reached."
test("open files", () => {
  const path = guest(
    "open",
    `let last = 0;
     for (let fd = 0; fd >= 0; fd = await c.open("/dev/null", O_RDWR)) last = fd;
     await c.puts(last + " " + errnoName(c.errno));`,
  );
  expect(scanout(["run", "--max-open-files", "20", path])).toEqual({ code: 0, stdout: "19 EMFILE\n", stderr: "" });
});

// mmap(2): "ENOMEM: The process's maximum number of mappings would have been exceeded."
test("mappings", () => {
  const path = guest(
    "map",
    `let made = 0;
     for (; made < 1000; made++) {
       const at = c.user.syscall(SYS_mmap, 0, 4096, made % 2 === 0 ? 1 : RW, PRIVATE, -1, 0);
       // There is no room for a word about it.
       if (at < 0) return made <= 51 ? -at : 1;
     }
     return 2;`,
  );
  expect(scanout(["run", "--max-mappings", "50", path])).toEqual({ code: ENOMEM, stdout: "", stderr: "" });
});

// write(2): "ENOSPC: The device containing the file referred to by fd has no room for the data."
test("files in memory", () => {
  const path = guest(
    "write",
    `const fd = await c.open("/tmp/large", O_RDWR | O_CREAT, 0o600);
     const at = c.user.syscall(SYS_mmap, 0, 65536, RW, PRIVATE, -1, 0);
     let written = 0;
     for (;;) {
       const result = await c.user.syscall(SYS_write, fd, at, 65536);
       if (result < 0) { await c.puts(written + " " + errnoName(-result)); return 0; }
       written += result;
     }`,
  );
  const { stdout } = scanout(["run", "--max-file-memory", "2", path]);
  expect(stdout).toBe(`${2 * 2 ** 20} ENOSPC\n`);
});

// mmap(2): "ENOMEM: No memory is available"; the address space has 2^38 bytes. Of some tries the fastest counts, as the
// host may be busy.
test("64 TiB without reserve: ENOMEM within a millisecond", () => {
  const path = guest(
    "noreserve",
    `const times = [];
     let result = 0;
     for (let i = 0; i < 30; i++) {
       const before = performance.now();
       result = c.user.syscall(SYS_mmap, 0, 2 ** 46, RW, PRIVATE | NORESERVE, -1, 0);
       times.push(performance.now() - before);
     }
     await c.puts(errnoName(-result) + " " + (Math.min(...times) < 1));`,
  );
  expect(scanout(["run", path])).toEqual({ code: 0, stdout: "ENOMEM true\n", stderr: "" });
});

test.each([1, 1_234_567])("an endless loop costs exactly its fuel: %i", (fuel) => {
  const { code, stderr } = scanout(["run", "--fuel", String(fuel), "--stats", hostile, "loop"]);
  expect(code).toBe(124);
  expect(/^instructions retired +([\d,]+)$/m.exec(stderr)?.[1]?.replaceAll(",", "")).toBe(String(fuel));
});

test.each([
  ["--max-processes", "0", "not a whole number from 1 to 32767"],
  ["--max-processes", "32768", "not a whole number from 1 to 32767"],
  ["--max-open-files", "many", "not a whole number from 1 to 1048576"],
  ["--max-mappings", "1.5", "not a whole number from 1 to 2147483647"],
  ["--max-file-memory", "-1", "not a whole number from 1 to 8589934591"],
])("%s %s is refused by name", (option, value, reason) => {
  expect(scanout(["run", option, value, "plasma"])).toEqual({
    code: 2,
    stdout: "",
    stderr: `scanout: ${option} ${value}: ${reason}\n`,
  });
});
