/** FBIOGETCMAP and FBIOPUTCMAP. Truth: fbprobe's transcripts on Linux 6.12 (see fb.test.ts), and fbcmap.c. */
import { describe, expect, it } from "vitest";
import { FBIOGETCMAP, FBIOPUTCMAP, type FbCmap, fbCmap } from "../../abi/fb.ts";
import { FORMAT_C8 } from "../../assembly/scanout-format.ts";
import { USER, USER_SIZE } from "./fake-kernel.ts";
import { FbProbe } from "./fb-probe.ts";

/** Arrays of 300 colours each, as fbprobe has them. */
const [RED, GREEN, BLUE, CMAP] = [USER, USER + 600, USER + 1200, USER + 4096];

function cmap(probe: FbProbe, command: number, change: Partial<FbCmap>): string {
  fbCmap.write(probe.fake.user, CMAP - USER, {
    start: 0,
    len: 16,
    red: RED,
    green: GREEN,
    blue: BLUE,
    transp: 0,
    ...change,
  });
  return probe.ioctl(command, CMAP);
}
const u16 = (probe: FbProbe, address: number) => new DataView(probe.fake.user.buffer).getUint16(address - USER, true);
const colour = (probe: FbProbe, index: number) =>
  [RED, GREEN, BLUE].map((array) => u16(probe, array + 2 * index).toString(16)).join(" ");
function setColour(probe: FbProbe, index: number, red: number, green: number, blue: number): void {
  const view = new DataView(probe.fake.user.buffer);
  for (const [array, value] of [
    [RED, red],
    [GREEN, green],
    [BLUE, blue],
  ] as const) {
    view.setUint16(array - USER + 2 * index, value, true);
  }
}

describe("FBIOGETCMAP", () => {
  it("len 16 = 0; len 256 = 0: cmap[1]=0 0 aaaa [15]=ffff [255]=0", () => {
    const probe = new FbProbe();
    expect(cmap(probe, FBIOGETCMAP, {})).toBe("0");
    expect(cmap(probe, FBIOGETCMAP, { len: 256 })).toBe("0");
    expect([1, 15, 255].map((index) => colour(probe, index))).toEqual(["0 0 aaaa", "ffff ffff ffff", "0 0 0"]);
  });

  it("has the sixteen colours of fb_default_cmap", () => {
    const probe = new FbProbe();
    cmap(probe, FBIOGETCMAP, {});
    expect(Array.from({ length: 16 }, (_, i) => colour(probe, i))).toEqual([
      "0 0 0",
      "0 0 aaaa",
      "0 aaaa 0",
      "0 aaaa aaaa",
      "aaaa 0 0",
      "aaaa 0 aaaa",
      "aaaa 5555 0",
      "aaaa aaaa aaaa",
      "5555 5555 5555",
      "5555 5555 ffff",
      "5555 ffff 5555",
      "5555 ffff ffff",
      "ffff 5555 5555",
      "ffff 5555 ffff",
      "ffff ffff 5555",
      "ffff ffff ffff",
    ]);
  });

  it.each([
    ["start=256, len=1", { start: 256, len: 1 }, "-1 EINVAL"],
    ["len=0", { len: 0 }, "-1 EINVAL"],
    ["red=(void*)8", { red: 8 }, "-1 EFAULT"],
    ["blue beyond memory", { blue: USER + USER_SIZE - 31 }, "-1 EFAULT"],
  ])("%s", (_line, change, expected) => {
    expect(cmap(new FbProbe(), FBIOGETCMAP, change)).toBe(expected);
  });

  it("starts at `start` and ends at the map's end (fb_cmap_to_user)", () => {
    const probe = new FbProbe();
    probe.fake.user.fill(0x77);
    expect(cmap(probe, FBIOGETCMAP, { start: 14, len: 3 })).toBe("0");
    expect([0, 1, 2, 3].map((index) => colour(probe, index))).toEqual([
      "ffff ffff 5555",
      "ffff ffff ffff",
      "0 0 0",
      "7777 7777 7777",
    ]);
    expect(cmap(probe, FBIOGETCMAP, { start: 255, len: 0xffff_ffff })).toBe("0");
    expect([0, 1].map((index) => colour(probe, index))).toEqual(["0 0 0", "ffff ffff ffff"]);
  });

  it("a bad pointer to the map itself is EFAULT", () => {
    const probe = new FbProbe();
    expect(probe.ioctl(FBIOGETCMAP, 0)).toBe("-1 EFAULT");
    expect(probe.ioctl(FBIOPUTCMAP, 8)).toBe("-1 EFAULT");
  });
});

describe("FBIOPUTCMAP", () => {
  it.each([
    ["len=0x80000001", { len: 0x8000_0001 }, "-1 E2BIG"],
    ["len=0x40000000: its bytes are no int (fb_set_user_cmap)", { len: 0x4000_0000 }, "-1 E2BIG"],
    ["len=0x200001: more than kmalloc gives (fb_alloc_cmap_gfp)", { len: 0x20_0001 }, "-1 ENOMEM"],
    ["len=0 (fb_copy_cmap)", { len: 0 }, "-1 EINVAL"],
    ["len=16", { len: 16 }, "0"],
    ["red=(void*)8", { red: 8 }, "-1 EFAULT"],
    ["transp=(void*)8 (fb_set_user_cmap)", { transp: 8 }, "-1 EFAULT"],
    ["start=0x80000000 (fb_set_cmap)", { start: 0x8000_0000 }, "-1 EINVAL"],
    ["start=256: dropped without an error (fb_set_cmap)", { start: 256 }, "0"],
  ])("%s", (_line, change, expected) => {
    expect(cmap(new FbProbe(), FBIOPUTCMAP, change)).toBe(expected);
  });

  it("changes the map from `start` on, nothing else", () => {
    const probe = new FbProbe();
    setColour(probe, 0, 0x1111, 0x2222, 0x3333);
    setColour(probe, 1, 0x4444, 0x5555, 0x6666);
    expect(cmap(probe, FBIOPUTCMAP, { start: 254, len: 300 })).toBe("0");
    expect(cmap(probe, FBIOPUTCMAP, { start: 3, len: 1 })).toBe("0");
    cmap(probe, FBIOGETCMAP, { len: 256 });
    expect([2, 3, 4, 254, 255].map((index) => colour(probe, index))).toEqual([
      "0 aaaa 0",
      "1111 2222 3333",
      "aaaa 0 0",
      "1111 2222 3333",
      "4444 5555 6666",
    ]);
  });

  it("EFAULT changes nothing", () => {
    const probe = new FbProbe();
    setColour(probe, 0, 1, 2, 3);
    expect(cmap(probe, FBIOPUTCMAP, { len: 1, blue: 8 })).toBe("-1 EFAULT");
    cmap(probe, FBIOGETCMAP, {});
    expect(colour(probe, 0)).toBe("0 0 0");
  });
});

describe("the card's palette", () => {
  it("gets the map's upper eight bits in c8: the default at probe, each change after", () => {
    const probe = new FbProbe({ format: FORMAT_C8 });
    const { palette } = probe.fake.card.state;
    expect([palette[1], palette[6], palette[15], palette[16]]).toEqual([0x0000aa, 0xaa5500, 0xffffff, 0]);
    setColour(probe, 0, 0x12ff, 0x3400, 0x5680);
    cmap(probe, FBIOPUTCMAP, { start: 200, len: 1 });
    expect(palette[200]).toBe(0x12_34_56);
  });

  it("is left alone in true colour, and gets the whole map with the mode (fb_set_var calls fb_set_cmap)", () => {
    const probe = new FbProbe();
    const { palette } = probe.fake.card.state;
    setColour(probe, 0, 0xabcd, 0, 0);
    cmap(probe, FBIOPUTCMAP, { start: 2, len: 1 });
    expect([...palette].every((value) => value === 0)).toBe(true);
    probe.putVar({ bits_per_pixel: 8 });
    expect([palette[1], palette[2], palette[15]]).toEqual([0x0000aa, 0xab0000, 0xffffff]);
  });
});
