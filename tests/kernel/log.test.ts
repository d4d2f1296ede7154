/** printk and dmesg. Truth: Documentation/core-api/printk-basics.rst of Linux 6.12, dmesg(1). */
import { expect, test } from "vitest";
import {
  KERN_ALERT,
  KERN_CONT,
  KERN_CRIT,
  KERN_DEBUG,
  KERN_EMERG,
  KERN_ERR,
  KERN_INFO,
  KERN_NOTICE,
  KERN_WARNING,
} from "../../devices/drivers/vm.ts";
import { Log } from "../../src/kernel/log.ts";

const makeLog = (now = () => 0): Log => new Log(now);
const linesOf = (log: Log) => log.lines.map(({ level, text }) => [level, text]);

test("each level is its number; a text without one has the default, 4", () => {
  const log = makeLog();
  const levels = [KERN_EMERG, KERN_ALERT, KERN_CRIT, KERN_ERR, KERN_WARNING, KERN_NOTICE, KERN_INFO, KERN_DEBUG];
  for (const level of levels) log.printk(`${level}text\n`);
  log.printk("text\n");
  expect(log.lines.map(({ level }) => level)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 4]);
  expect(new Set(log.lines.map(({ text }) => text))).toEqual(new Set(["text"]));
});

test("several lines in one call: each may have a level, one without keeps that of the line before", () => {
  const log = makeLog();
  log.printk(`${KERN_ERR}one\ntwo\n${KERN_INFO}three\n`);
  log.printk("four\n");
  expect(linesOf(log)).toEqual([
    [3, "one"],
    [3, "two"],
    [6, "three"],
    [4, "four"],
  ]);
});

test("a line without an end is there; only KERN_CONT goes on with it", () => {
  const log = makeLog();
  log.printk(`${KERN_INFO}half`);
  expect(linesOf(log)).toEqual([[6, "half"]]);
  log.printk(`${KERN_CONT} and half\n`);
  log.printk("open");
  log.printk("another\n");
  log.printk(`${KERN_CONT}alone\n`);
  expect(linesOf(log)).toEqual([
    [6, "half and half"],
    [4, "open"],
    [4, "another"],
    [4, "alone"],
  ]);
});

test("who follows the log gets each line once, complete", () => {
  const log = makeLog();
  const seen: string[] = [];
  log.onLine = ({ text }) => seen.push(text);
  log.printk("a\nb");
  expect(seen).toEqual(["a"]);
  log.printk(`${KERN_CONT}c\n`);
  expect(seen).toEqual(["a", "bc"]);
  log.printk("d");
  log.printk("e\n");
  expect(seen).toEqual(["a", "bc", "d", "e"]);
});

test("dmesg: seconds in five columns, microseconds, text; no level", () => {
  let now = 0;
  const log = makeLog(() => now);
  log.printk(`${KERN_ERR}first\n`);
  now = 3_941_086_999;
  log.printk("second\n");
  now = 123_456e9;
  log.printk("third");
  expect(log.dmesg()).toBe("[    0.000000] first\n[    3.941086] second\n[123456.000000] third\n");
});

test("the ring keeps the last lines", () => {
  const log = makeLog();
  for (let i = 0; i < 10_000; i++) log.printk(`${i}\n`);
  expect(log.lines.length).toBe(8192);
  expect([log.lines[0]!.text, log.lines.at(-1)!.text]).toEqual([String(10_000 - 8192), "9999"]);
});

test("an empty line is a line", () => {
  const log = makeLog();
  log.printk("\n");
  log.printk("a\n\nb\n");
  expect(log.lines.map(({ text }) => text)).toEqual(["", "a", "", "b"]);
});
