/** The package as a stranger gets it: packed, unpacked into an empty folder's node_modules, and embedded. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scanout } from "../cli/scanout.ts";
import { endless } from "./programs.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scanout-package-"));
  const [{ files }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--dry-run", "--ignore-scripts"], { encoding: "utf8" }),
  );
  const root = join(folder, "node_modules", "scanout");
  for (const { path } of files as { path: string }[]) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    cpSync(path, join(root, path));
  }
  const { type } = JSON.parse(readFileSync("package.json", "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type, private: true }));
  writeFileSync(join(folder, "loop.elf"), endless());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the example of docs/embed.md runs, without any other package, and Node ends by itself", () => {
  writeFileSync(
    join(folder, "embed.js"),
    `import { readFileSync, writeFileSync } from "node:fs";
     import { createMachine } from "scanout";
     const machine = await createMachine({ memory: "64MiB", display: { width: 64, height: 48 } });
     const elf = readFileSync("node_modules/scanout/guests/c/bin/plasma.elf");
     const program = machine.spawn(elf, [], { name: "plasma", env: { FRAMES: "2" }, stdin: "" });
     machine.start();
     const status = await program.exited;
     writeFileSync("plasma.png", await machine.display.toPNG());
     await machine.dispose();
     console.log(JSON.stringify(status));`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ["embed.js"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 30_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{"code":0}\n', stderr: "" });
  expect([...readFileSync(join(folder, "plasma.png")).subarray(1, 4)]).toEqual([..."PNG"].map((c) => c.charCodeAt(0)));
});

it("--fuel: an endless loop costs exactly its fuel", () => {
  const { code, stderr } = scanout(["run", "--fuel", "1234567", "--stats", "./loop.elf"], { cwd: folder });
  expect(code).toBe(124);
  expect(stderr).toMatch(/instructions retired +1,234,567\n/);
  expect(stderr).toContain("out of fuel after 1234567 instructions");
});
