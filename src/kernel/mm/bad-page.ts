/**
 * "BUG: Bad page state in process …": what the kernel prints when a page is freed that may not be
 * (bad_page and page_bad_reason in mm/page_alloc.c, __dump_page in mm/debug.c of Linux 6.12).
 *
 * Not modelled: the list of modules and the call trace that follow the block on a real kernel.
 */
import type { Page } from "../../../devices/drivers/driver.ts";
import { KERN_ALERT, KERN_WARNING, PG_reserved, PG_slab } from "../../../devices/drivers/vm.ts";
import type { Log } from "../log.ts";

export type BadPageReporter = (page: Page, reason: string) => void;

/** Flags that no page may have when it is freed (PAGE_FLAGS_CHECK_AT_FREE). */
const CHECK_AT_FREE = PG_reserved | PG_slab;
const FLAG_NAMES: readonly [flag: number, name: string][] = [
  [PG_slab, "slab"],
  [PG_reserved, "reserved"],
];

/** Reports in one minute; the rest of that minute is counted and summed up (bad_page). */
const REPORTS_A_MINUTE = 60;
const MINUTE = 60e9;

/** Why the page may not be freed, or null. As in Linux the last test that hits names the reason. */
export const badPageReason = (page: Page): string | null => {
  let reason: string | null = null;
  if (page.mapcount !== 0) reason = "nonzero mapcount";
  if (page.refcount !== 0) reason = "nonzero _refcount";
  if ((page.flags & CHECK_AT_FREE) !== 0) reason = "PAGE_FLAGS_CHECK_AT_FREE flag(s) set";
  return reason;
};

const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, "0");

/** The block of one report, as dmesg shows it on a machine with one zone and no node. */
const formatBadPage = (page: Page, comm: string, reason: string): string => {
  const names = FLAG_NAMES.filter(([flag]) => (page.flags & flag) !== 0).map(([, name]) => name);
  // struct page keeps the map count less one, and both counts in one word.
  const counts = `${hex(page.refcount, 8)}${hex(page.mapcount - 1, 8)}`;
  return [
    `${KERN_ALERT}BUG: Bad page state in process ${comm}  pfn:${hex(page.pfn, 5)}`,
    `${KERN_WARNING}page: refcount:${page.refcount} mapcount:${page.mapcount} mapping:0000000000000000 index:0x0 pfn:0x${page.pfn.toString(16)}`,
    `${KERN_WARNING}flags: 0x${page.flags.toString(16)}(${[...names, "zone=0"].join("|")})`,
    `${KERN_WARNING}raw: ${hex(0, 8)}${hex(page.flags, 8)} 0000000000000000 dead000000000122 0000000000000000`,
    `${KERN_WARNING}raw: 0000000000000000 0000000000000000 ${counts}`,
    `${KERN_WARNING}page dumped because: ${reason}`,
    "",
  ].join("\n");
};

export const makeBadPageReporter = (log: Log, now: () => number, comm: () => string): BadPageReporter => {
  let windowStart = 0;
  let shown = 0;
  let unshown = 0;
  return (page, reason) => {
    if (now() - windowStart >= MINUTE) {
      if (unshown > 0) log.printk(`${KERN_ALERT}BUG: Bad page state: ${unshown} messages suppressed\n`);
      windowStart = now();
      shown = 0;
      unshown = 0;
    }
    if (shown === REPORTS_A_MINUTE) {
      unshown++;
      return;
    }
    shown++;
    log.printk(formatBadPage(page, comm(), reason));
  };
};
