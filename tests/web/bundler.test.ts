/** The package in somebody else's page: bundled by Vite in an empty folder, run in Chromium. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "./browser.ts";

const SKIPPED = chromiumPath === undefined;
const TITLE = `a page of a stranger's${SKIPPED ? " (skipped: no chromium in the path; apt-get install chromium)" : ""}`;

const PAGE = `<!doctype html><title>embedded</title><canvas id="screen"></canvas><script type="module" src="./main.js"></script>`;
const MAIN = `import { createMachine } from "scanout";
import { program } from "scanout/guest";
const machine = await createMachine({ memory: "32MiB", display: { width: 64, height: 48 } });
machine.display.attach(document.querySelector("#screen"));
const red = machine.spawn(program(async (c) => {
  const fd = await c.open("/dev/fb0", 2);
  const va = c.mmap(0, 64 * 48 * 4, 3, 1, fd, 0);
  for (let at = 0; at < 64 * 48 * 4; at += 4) c.user.store32(va + at, 0xe03131);
  return 7;
}));
machine.start();
const status = await red.exited;
await machine.stop();
const [r, g, b] = machine.display.pixels;
document.title = JSON.stringify({ status, pixel: [r, g, b], png: (await machine.display.toPNG()).length > 50 });
await machine.dispose();
`;

describe.skipIf(SKIPPED)(TITLE, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "scanout-page-"));
    const list = execFileSync("npm", ["pack", "--json", "--dry-run", "--ignore-scripts"], { encoding: "utf8" });
    const [{ files }] = JSON.parse(list) as [{ files: { path: string }[] }];
    for (const { path } of files) {
      const to = join(folder, "node_modules/scanout", path);
      mkdirSync(join(to, ".."), { recursive: true });
      cpSync(path, to);
    }
    writeFileSync(join(folder, "index.html"), PAGE);
    writeFileSync(join(folder, "main.js"), MAIN);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("draws on its own canvas, with no Node in the bundle and nothing to configure", { timeout: 60_000 }, async () => {
    await build({ root: folder, logLevel: "error", base: "./", build: { target: "esnext" } });
    const types: Record<string, string> = {
      ".html": "text/html",
      ".js": "text/javascript",
      ".wasm": "application/wasm",
    };
    const server = createServer((request, response) => {
      const path = request.url === "/" ? "/index.html" : request.url!;
      readFile(join(folder, "dist", path)).then(
        (bytes) => response.writeHead(200, { "Content-Type": types[extname(path)] ?? "text/plain" }).end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => document.title.startsWith("{"), null, { timeout: 15_000 }).catch(() => {});
      expect(errors).toEqual([]);
      expect(JSON.parse(await page.title())).toEqual({ status: { code: 7 }, pixel: [0xe0, 0x31, 0x31], png: true });
    } finally {
      await browser.close();
      server.close();
    }
  });
});
