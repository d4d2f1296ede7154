/**
 * The binding, bundled by vite for browsers: it runs in Chromium when there is one on the PATH, and in Node always, by
 * Node's own module loader.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileFixture } from "./fixture.ts";

const EXPECTED = {
  string: "scan 🖥 out",
  strings: ["", "🖥", "a"],
  view: 4711,
  wrongArgument: "RangeError: expected u8 (0 to 255), got 256",
  abort: expect.stringMatching(/^Error: abort: on purpose at tests\/control\/wasm\/control\.ts:\d+:\d+$/),
  describe: expect.stringMatching(/16 MiB RAM, 1 MiB video memory$/),
  causeName: "Load page fault",
  videoMemory: [1, 2, 3, 4],
  ram: 99,
};

const PAGE = `<!doctype html><script type="module">
import { exercise } from "/exercise.js";
const report = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
exercise(fetch("/fixture.wasm")).then(report, (error) => report({ error: String(error) }));
</script>`;

const TYPES: Record<string, string> = { js: "text/javascript", wasm: "application/wasm", html: "text/html" };

const findChromium = (): string | undefined => {
  const directories = (process.env.PATH ?? "").split(delimiter);
  const candidates = directories.flatMap((directory) => [
    join(directory, "chromium"),
    join(directory, "chromium-browser"),
  ]);
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scanout-bundle-"));
  await build({
    configFile: false,
    logLevel: "warn",
    root: fileURLToPath(new URL("page/", import.meta.url)),
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: { entry: "exercise.ts", formats: ["es"], fileName: "exercise" },
      rolldownOptions: { output: { comments: { legal: true } } },
    },
  });
  await writeFile(join(folder, "fixture.wasm"), await compileFixture("minimal"));
  await writeFile(join(folder, "index.html"), PAGE);
});
// Chromium's helper processes write into the profile for a moment after it has ended
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

/** Serves the folder on the loopback address; `result` is what the page posts. */
const serve = async () => {
  let post: (result: unknown) => void;
  const result = new Promise<unknown>((resolve) => {
    post = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end();
      post(JSON.parse(Buffer.concat(chunks).toString()));
      return;
    }
    const name = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
    const body = await readFile(join(folder, name)).catch(() => null);
    response.writeHead(body ? 200 : 404, { "content-type": TYPES[name.split(".").pop() ?? ""] ?? "text/plain" });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, result, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
};

const browse = (chromium: string, url: string): ChildProcess =>
  spawn(
    chromium,
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...[`--user-data-dir=${join(folder, "profile")}`, url],
    ],
    // a page that never reports ends with its browser, before the test's own time is up
    { stdio: "ignore", timeout: 40_000 },
  );

describe("the bundle", () => {
  test("has as-bind's runtime and its notice in it, and imports nothing", async () => {
    const bundle = await readFile(join(folder, "exercise.js"), "utf8");
    expect(bundle).toContain("as-bind_bindings");
    expect(bundle).toContain("Copyright (c) 2019 Aaron Turner");
    expect(bundle).not.toMatch(/^import\b/m);
  });

  test("runs in Node", async () => {
    const script = `
      import { readFile } from "node:fs/promises";
      import { exercise } from "./exercise.js";
      console.log(JSON.stringify(await exercise(readFile("fixture.wasm"))));`;
    await writeFile(join(folder, "run.mjs"), script);
    const { stdout } = await promisify(execFile)(process.execPath, ["run.mjs"], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({ ...EXPECTED, picture: "none" });
  });

  const chromium = findChromium();
  const why = chromium ? "" : " (skipped: no chromium on the PATH)";
  test.skipIf(!chromium)(`runs in Chromium${why}`, async () => {
    const { server, result, url } = await serve();
    const browser = browse(chromium!, url);
    const exited = new Promise<void>((resolve) => browser.once("exit", () => resolve()));
    try {
      const died = exited.then(() => ({ error: "chromium ended before the page reported" }));
      expect(await Promise.race([result, died])).toEqual({ ...EXPECTED, picture: true });
    } finally {
      browser.kill();
      await exited;
      server.close();
      server.closeAllConnections();
    }
  });
});
