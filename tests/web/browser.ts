/** Debian's Chromium, and the page as `scanout web` serves it. */
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { serveWeb } from "../../src/cli/web.ts";

const inPath = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

/** CHROMIUM, or what the path has; undefined: there is none, and the tests of the page are skipped. */
export const chromiumPath = process.env.CHROMIUM ?? inPath("chromium");

const ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface OpenPage {
  readonly page: Page;
  /** What the page logged as an error, and what it threw. */
  readonly errors: string[];
}

export class PageLab {
  readonly #server: Server;
  readonly #browser: Browser;

  static async start(): Promise<PageLab> {
    const server = await serveWeb(0);
    const browser = await chromium.launch({ executablePath: chromiumPath!, args: ARGS });
    return new PageLab(server, browser);
  }

  private constructor(server: Server, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async open(query: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const page = await this.#browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(this.url + query);
    return { page, errors };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}
