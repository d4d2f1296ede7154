/** `scanout web [guest]`: serves the page of this package on the loopback interface, and nothing else. */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { say } from "./console.ts";
import { UsageError } from "./usage-error.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".elf": "application/octet-stream",
};

/** All that the page needs comes from here; wasm may be compiled, nothing else be evaluated. */
const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-cache",
};

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The files of a folder by their path in a URL: what is not in the list cannot be asked for. */
const readAssets = (folder: string): ReadonlyMap<string, Asset> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = `/${relative(folder, file).split(sep).join("/")}`;
        return [path, { type: TYPES[extname(file)] ?? "application/octet-stream", bytes: readFileSync(file) }];
      }),
  );

/** dist/src/cli and src/cli are not equally deep below the package. */
const findPage = (): ReadonlyMap<string, Asset> => {
  for (const up of ["../../web/", "../../dist/web/"]) {
    try {
      const assets = readAssets(fileURLToPath(new URL(up, import.meta.url)));
      if (assets.has("/index.html") && ![...assets.keys()].some((path) => path.endsWith(".ts"))) return assets;
    } catch {}
  }
  throw new UsageError("the page is not built: npm run build:web");
};

const answer = (assets: ReadonlyMap<string, Asset>, request: IncomingMessage, response: ServerResponse): void => {
  const [path = "/"] = (request.url ?? "/").split("?");
  const isRead = request.method === "GET" || request.method === "HEAD";
  const asset = isRead ? assets.get(path === "/" ? "/index.html" : path) : undefined;
  if (asset === undefined) {
    response.writeHead(isRead ? 404 : 405, { ...HEADERS, "Content-Type": "text/plain; charset=utf-8" });
    response.end(isRead ? "There is no such file.\n" : "The page can only be read.\n");
    return;
  }
  response.writeHead(200, { ...HEADERS, "Content-Type": asset.type, "Content-Length": asset.bytes.length });
  response.end(request.method === "HEAD" ? undefined : asset.bytes);
};

/** Listens on 127.0.0.1; port 0 is a free one. @throws UsageError when the port cannot be had. */
export const serveWeb = (port: number): Promise<Server> => {
  const assets = findPage();
  const server = createServer((request, response) => answer(assets, request, response));
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new UsageError(`cannot listen on port ${port}: ${error.message}`)));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
};

export interface WebOptions {
  readonly port?: string;
}

/** Serves until it is interrupted. */
export const web = async (guest: string | undefined, { port = "0" }: WebOptions): Promise<void> => {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError(`--port ${port}: not from 0 to 65535`);
  const server = await serveWeb(Number(port));
  const { port: actual } = server.address() as AddressInfo;
  const query = guest === undefined ? "" : `?guest=${encodeURIComponent(guest)}`;
  say(`http://127.0.0.1:${actual}/${query}`);
  if (process.stdout.isTTY) say("Ctrl-C ends it.");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  server.closeAllConnections();
  server.close();
};
