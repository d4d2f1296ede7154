/**
 * What the page does a second, in headless Chromium, and how much of each frame's time the machine takes:
 * npm run bench:display
 */
import { chromiumPath, PageLab } from "../../tests/web/browser.ts";

/** Milliseconds to get going, and to look on. */
const WARM_UP = 3000;
const WATCH = 5000;
const LOOKS = 20;

const GUESTS = ["plasma", "bounce", "c/bounce", "c/plasma"];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

if (chromiumPath === undefined) {
  console.log("\nThe page was not measured: no chromium in the path.");
} else {
  const lab = await PageLab.start();
  console.log("\nThe page in headless Chromium, 640x480; goal: plasma at 60 frames a second\n");
  console.log("guest        frames/s   frame time used   MIPS");
  for (const guest of GUESTS) {
    const { page } = await lab.open(`?thumbnails=no&guest=${guest}&size=640x480&frames=100000`);
    await page.waitForTimeout(WARM_UP);
    const rates: number[] = [];
    let [load, mips] = ["", ""];
    for (let look = 0; look < LOOKS; look++) {
      await page.waitForTimeout(WATCH / LOOKS);
      const figure = async (id: string): Promise<string> => (await page.textContent(`#figure-${id}`)) ?? "";
      rates.push(Number(await figure("rate")));
      [load, mips] = [await figure("load"), await figure("mips")];
    }
    console.log(`${guest.padEnd(12)} ${String(median(rates)).padStart(8)} ${load.padStart(17)} ${mips.padStart(6)}`);
    await page.close();
  }
  await lab.stop();
}
