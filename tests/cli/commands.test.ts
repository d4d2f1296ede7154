/** The commands besides run. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { guests } from "../../guests/index.ts";
import { decodePNG } from "../../src/display/png.ts";
import { scanout } from "./scanout.ts";

/** What the two user programs printed on Linux 6.12, each run twice. */
const SEED_1 = [
  "The contents of the virtual address space in user space is  ------This is from kernel space",
  "The contents of the virtual address space in user space is This is from user space",
];
const SEED_2 = [
  "initial message: hello from kernel this is file: mmap_example",
  "changed message: hello from *user* this is file: mmap_example",
];

test("seeds: the transcript of Linux 6.12, with the report for each of the sixteen pages", () => {
  const { code, stdout, stderr } = scanout(["seeds"]);
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.split("\n");
  expect(lines.filter((line) => line.startsWith("The contents"))).toEqual(SEED_1);
  expect(lines.filter((line) => /^(initial|changed)/.test(line))).toEqual([...SEED_2, ...SEED_2]);
  expect(lines.filter((line) => line.startsWith("BUG: Bad page state in process rmmod  pfn:"))).toHaveLength(16);
  expect(lines.filter((line) => line === "page dumped because: PAGE_FLAGS_CHECK_AT_FREE flag(s) set")).toHaveLength(16);
  expect(lines).toContain("mmap_vmem is invoked");
});

test("seeds --fixed: the same, and rmmod is silent", () => {
  const { code, stdout } = scanout(["seeds", "--fixed"]);
  expect(code).toBe(0);
  expect(stdout).toContain(SEED_1[1]);
  expect(stdout).not.toContain("BUG");
});

test("list names every built-in guest", () => {
  // What the benchmark runs is no guest: it waits for /dev/bench.
  const cGuests = readdirSync("guests/c/bin")
    .map((file) => basename(file, ".elf"))
    .filter((name) => name !== "direct-vs-copied");
  const { code, stdout } = scanout(["list"]);
  expect(code).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0])
      .sort(),
  ).toEqual([...Object.keys(guests), ...cGuests.map((name) => `c/${name}`)].sort());
});

test("a C guest is found by its name, and runs on the hart", () => {
  const { code, stdout, stderr } = scanout(["run", "--stats", "c/fbinfo"]);
  expect(code).toBe(0);
  expect(stdout).toContain("smem_start     0x40000000\n");
  expect(Number(/instructions retired +([\d,]+)/.exec(stderr)![1]!.replaceAll(",", ""))).toBeGreaterThan(1000);
});

test("tour ends by itself, leaves a picture, and says what travelled where", () => {
  const cwd = mkdtempSync(join(tmpdir(), "scanout-"));
  try {
    const { code, stdout, stderr } = scanout(["tour"], { cwd });
    expect([code, stderr]).toEqual([0, ""]);
    const picture = decodePNG(readFileSync(join(cwd, "out/plasma.png")));
    expect([picture.width, picture.height]).toEqual([640, 480]);
    /** The last number of a row: bytes that system calls copied. */
    const copied = (name: string): number =>
      Number(new RegExp(`^${name} .* ([\\d,]+)$`, "m").exec(stdout)![1]!.replaceAll(",", ""));
    // A copied frame is 640 × 480 × 4 bytes; a mapped one copies names and structs only.
    for (const guest of ["TypeScript", "C on the hart"]) {
      expect(copied(`${guest}, copied`) - copied(`${guest}, mapped`)).toBeGreaterThanOrEqual(640 * 480 * 4);
      expect(copied(`${guest}, mapped`)).toBeLessThan(1000);
    }
    expect(stdout).toContain("yes, byte for byte");
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test("--version is package.json's, --help names the commands", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(scanout(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  const { code, stdout } = scanout(["--help"]);
  expect(code).toBe(0);
  for (const command of ["run", "seeds", "list", "tour"]) expect(stdout).toContain(`  ${command}`);
});
