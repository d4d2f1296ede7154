import { test } from "vitest";
import { readFileSync } from "node:fs";
import { Computer } from "../../../src/computer.ts";
import { fbprobe } from "./fbprobe.ts";
const rec = (n: string) => readFileSync(new URL(`./fbprobe-${n}.txt`, import.meta.url), "utf8").split("\n");
test("x", async () => {
  let out = "";
  const computer = await Computer.create({ videoMemory: 8 << 20, display: { width: 1024, height: 768 }, onOutput: (b) => { out += new TextDecoder().decode(b); } });
  const r = await computer.spawn(fbprobe, { argv: ["fbprobe"] }).exited;
  const ours = out.split("\n"), a = rec("vfb"), b = rec("bochs-drm");
  console.log(r, ours.length, a.length, b.length);
  ours.forEach((l, i) => { if (l !== a[i] && l !== b[i]) console.log(`${i+1} ours ${l}\n   vfb  ${a[i]}\n   drm  ${b[i]}`); });
  console.log(out.slice(-300));
});
