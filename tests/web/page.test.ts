/** The page in a real browser. The pictures are the golden ones of tests/guests; the rest is what a person would do. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePNG } from "../../src/display/png.ts";
import { exits, faults } from "../api/programs.ts";
import { goldenPicture } from "../guests/golden.ts";
import { chromiumPath, PageLab } from "./browser.ts";

const SKIPPED = chromiumPath === undefined;
const name = (text: string): string =>
  SKIPPED ? `${text} (skipped: no chromium in the path; apt-get install chromium, or set CHROMIUM)` : text;

const ended = (page: Page): Promise<unknown> => page.waitForSelector(':root[data-state="ended"]', { timeout: 10_000 });
const running = (page: Page): Promise<unknown> => page.waitForSelector(':root[data-state="running"]');

/** Red, green, blue of what the Screenshot button gives. */
const screenshot = async (page: Page): Promise<{ width: number; height: number; rgb: Uint8Array }> => {
  const download = page.waitForEvent("download");
  await page.click("#screenshot");
  const { width, height, data } = decodePNG(readFileSync(await (await download).path()));
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!);
  return { width, height, rgb };
};

/** The same of the canvas that people see. */
const shown = async (page: Page): Promise<Uint8Array> =>
  Uint8Array.from(
    await page.evaluate(() => {
      const screen = document.querySelector<HTMLCanvasElement>("#screen")!;
      const copy = new OffscreenCanvas(screen.width, screen.height);
      const context = copy.getContext("2d")!;
      context.drawImage(screen, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      return [...data].filter((_, i) => i % 4 !== 3);
    }),
  );

/** Drops a file on the screen. */
const drop = (page: Page, file: string, bytes: Uint8Array): Promise<void> =>
  page.evaluate(
    ([title, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], title));
      document
        .querySelector("#drop")!
        .dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    },
    [file, [...bytes]] as const,
  );

describe.skipIf(SKIPPED)(name("the page in Chromium"), () => {
  let lab: PageLab;
  beforeAll(async () => {
    lab = await PageLab.start();
  });
  afterAll(() => lab?.stop());

  it.each([
    ["plasma", "xrgb8888", "plasma-xrgb8888"],
    ["plasma", "c8", "plasma-c8"],
    ["mandelbrot", "xrgb8888", "mandelbrot-xrgb8888"],
    ["bounce", "xrgb8888", "bounce-xrgb8888"],
    ["mandelbrot", "c8", "mandelbrot-c8"],
    ["bounce", "c8", "bounce-c8"],
    ["c/plasma", "xrgb8888", "plasma-xrgb8888"],
    ["c/plasma", "c8", "plasma-c8"],
    ["c/bounce", "xrgb8888", "bounce-xrgb8888"],
    ["c/bounce", "c8", "bounce-c8"],
  ])("%s in %s is the golden picture", async (guest, format, golden) => {
    const { width, height } = decodePNG(readFileSync(new URL(`../guests/golden/${golden}.png`, import.meta.url)));
    const { page, errors } = await lab.open(
      `?thumbnails=no&frames=1&guest=${guest}&format=${format}&size=${width}x${height}`,
    );
    await ended(page);
    const picture = await screenshot(page);
    expect(Buffer.from(picture.rgb).equals(Buffer.from(goldenPicture(golden, width, height, picture.rgb)))).toBe(true);
    await expect.poll(async () => Buffer.from(await shown(page)).equals(Buffer.from(picture.rgb))).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("keys and pointer reach the guest: touch-paint paints where it is pressed", async () => {
    const { page, errors } = await lab.open("?thumbnails=no&guest=c/touch-paint");
    await running(page);
    await page.waitForTimeout(300);
    const before = await screenshot(page);
    const box = (await page.locator("#screen").boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + (box.width * 3) / 4, box.y + box.height / 2, { steps: 10 });
    await page.mouse.up();
    await page.waitForTimeout(300);
    const after = await screenshot(page);
    const middle = 3 * (after.width * (after.height / 2) + after.width / 2);
    expect([...before.rgb.subarray(middle, middle + 3)]).toEqual([0, 0, 0]);
    expect([...after.rgb.subarray(middle, middle + 3)]).not.toEqual([0, 0, 0]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each(["c/touch-paint", "touch-paint"])(
    "keys reach %s: 3 is yellow, q ends; Tab leaves the screen",
    async (guest) => {
      const { page, errors } = await lab.open(`?thumbnails=no&guest=${guest}`);
      await running(page);
      await page.waitForTimeout(300);
      await page.focus("#screen");
      await page.keyboard.press("Digit3");
      // In one frame, the program looks at the pointer before the keys.
      await page.waitForTimeout(200);
      const box = (await page.locator("#screen").boundingBox())!;
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await page.waitForTimeout(300);
      const { width, height, rgb } = await screenshot(page);
      const middle = 3 * (width * (height / 2) + width / 2);
      // VGA's colour 14.
      expect([...rgb.subarray(middle, middle + 3)]).toEqual([255, 255, 85]);
      const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);
      // The screenshot's button took the focus; keys are the page's then.
      await page.keyboard.press("q");
      expect(await page.getAttribute(":root", "data-state")).toBe("running");
      await page.focus("#screen");
      expect(await page.isVisible(".keys-on")).toBe(true);
      await page.keyboard.press("Tab");
      expect(await focused()).not.toBe("screen");
      await page.keyboard.press("Shift+Tab");
      expect(await focused()).toBe("screen");
      await page.keyboard.press("q");
      await expect.poll(() => page.textContent("#status")).toContain("Exited with status 0");
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  // What the seeds' user programs print; the card's name in this machine's fb0.
  it.each([
    ["mmap-test", "The contents of the virtual address space in user space is  ------This is from kernel space"],
    ["c/mmap-example", "changed message: hello from *user*"],
    ["c/fbinfo", "640"],
  ])("%s prints on the screen and in the console", async (guest, text) => {
    const { page, errors } = await lab.open(`?thumbnails=no&guest=${guest}`);
    await ended(page);
    await expect.poll(() => page.textContent("#console")).toContain(text);
    expect(await page.textContent("#status")).toContain("Exited with status 0");
    expect(await page.innerText("#printed")).toContain(text);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("page faults are shown beside system calls", async () => {
    const { page, errors } = await lab.open("?thumbnails=no&guest=c/fbinfo");
    await ended(page);
    // A C program's first store to its stack or data brings a page in; then it opens the card.
    await expect.poll(() => page.textContent("#calls")).toContain("/dev/fb0");
    expect(await page.textContent("#calls")).toMatch(/^page fault: store at 0x[0-9a-f]+ in \S/m);
    await drop(page, "bad", faults());
    // It loads from address 8, which nothing maps.
    await expect
      .poll(() => page.textContent("#calls"))
      .toMatch(/page fault: load at 0x8: nothing is mapped there\n.*SIGSEGV/);
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("no violation of WCAG 2 A and AA that axe-core finds: %s, %i pixels wide", async (colorScheme, width) => {
    const { page } = await lab.open("?thumbnails=no", { viewport: { width, height: 844 }, colorScheme });
    await running(page);
    await page.click("#play");
    await page.waitForSelector(':root[data-state="paused"]');
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    });
    expect(found).toEqual([]);
    await page.close();
  });

  it("a dropped ELF runs; one that crashes leaves a page that goes on", async () => {
    const { page, errors } = await lab.open("?thumbnails=no");
    await running(page);
    await drop(page, "seven", exits(7));
    await expect.poll(() => page.textContent("#status")).toContain("Exited with status 7");
    await drop(page, "bad", faults());
    await expect.poll(() => page.textContent("#status")).toContain("Killed by signal 11 at address 0x8");
    await drop(page, "notes.txt", new TextEncoder().encode("hello"));
    await expect.poll(() => page.textContent("#status")).toContain("no ELF");
    // e_machine of x86-64 is 62 (elf.h).
    const foreign = exits(7);
    foreign[18] = 62;
    await drop(page, "ls", foreign);
    await expect.poll(() => page.textContent("#status")).toContain("for x86-64");
    await page.click('button[data-name="plasma"]');
    await running(page);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("pause, single frames, and the panels that teach", async () => {
    const { page, errors } = await lab.open("?thumbnails=no&size=320x240");
    await running(page);
    await page.check("#trace");
    await expect.poll(() => page.textContent("#calls")).toContain("FBIO_WAITFORVSYNC");
    await expect.poll(() => page.textContent("#maps")).toContain("/dev/fb0");
    await page.focus("#pixel");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    // 3 pixels of 4 bytes behind the start of video memory, 0x4000_0000 (assembly/memory-map.ts's drawing).
    await expect.poll(() => page.textContent("#pixel")).toContain("0x4000000c");
    await page.click("#play");
    await page.waitForSelector(':root[data-state="paused"]');
    expect(await page.isVisible(".badge")).toBe(true);
    const first = await screenshot(page);
    await page.waitForTimeout(100);
    expect(Buffer.from((await screenshot(page)).rgb).equals(Buffer.from(first.rgb))).toBe(true);
    await page.click("#step");
    await page.waitForTimeout(200);
    expect(Buffer.from((await screenshot(page)).rgb).equals(Buffer.from(first.rgb))).toBe(false);
    expect(errors).toEqual([]);
    await page.close();
  });

  it("a phone's page does not scroll sideways, and every control has a name", async () => {
    const { page } = await lab.open("?thumbnails=no", { viewport: { width: 360, height: 700 } });
    await running(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select, [tabindex='0']")]
        .filter((control) => {
          const labels = (control as HTMLInputElement).labels?.length ?? 0;
          const text = control.textContent?.trim() ?? "";
          return labels === 0 && text === "" && !control.hasAttribute("aria-label");
        })
        .map(({ outerHTML }) => outerHTML),
    );
    expect(nameless).toEqual([]);
    await page.close();
  });

  it("what is not a file of the page is not served", async () => {
    for (const path of ["package.json", "..%2fpackage.json", "web", "%2e%2e/package.json"]) {
      expect((await fetch(lab.url + path)).status, path).toBe(404);
    }
    expect((await fetch(lab.url, { method: "POST" })).status).toBe(405);
    const { headers } = await fetch(lab.url);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});
