/** The drawing guests: the same bytes on every path, and the pictures that were looked at and found right. */
import { describe, expect, test } from "vitest";
import { EACCES, EIO, ENODEV, ENOENT } from "../../abi/errno.ts";
import { SYS_ioctl, SYS_mmap, SYS_openat, SYS_pwrite64 } from "../../abi/syscalls.ts";
import { guests } from "../../guests/index.ts";
import { FakeScreen, type Format, type ScreenOptions } from "./fake-screen.ts";
import { goldenPicture } from "./golden.ts";

const DRAWING = ["plasma", "mandelbrot", "bounce"] as const;
const FORMATS: readonly Format[] = ["xrgb8888", "xbgr8888", "rgb565", "c8"];

const draw = async (command: string, options: ScreenOptions = {}): Promise<FakeScreen> => {
  const argv = command.split(" ");
  const screen = new FakeScreen(argv, options);
  expect(await screen.run(guests[argv[0]!]!)).toBe(0);
  return screen;
};
/** Descriptors that were mapped; -1 is anonymous memory. */
const mapped = (screen: FakeScreen): number[] => screen.made(SYS_mmap).map((args) => args[4]!);

describe.each(DRAWING)("%s", (name) => {
  // Issue: "each able to draw the same frames through write() instead: the two pictures are identical, byte for byte".
  test.each(FORMATS)("draws the same %s frames direct and copied, by stores and pinned", async (format) => {
    const direct = await draw(`${name} --frames 3`, { format });
    expect(direct.frames.length).toBe(3);
    for (const way of ["--pinned", "--copied", "--copied --pinned"]) {
      const other = await draw(`${name} --frames 3 ${way}`, { format, writeLimit: 5000 });
      expect(other.frames).toEqual(direct.frames);
      expect(other.palette).toEqual(direct.palette);
      expect(other.pinned).toBe(0);
    }
  });

  test("direct maps the card and never writes; copied writes and never maps it", async () => {
    const direct = await draw(`${name} --frames 2`);
    expect(mapped(direct)).toEqual([3]);
    expect(direct.made(SYS_pwrite64)).toEqual([]);
    const copied = await draw(`${name} --frames 2 --copied`);
    expect(mapped(copied)).toEqual([-1]);
    const size = copied.stride * copied.height;
    expect(copied.made(SYS_pwrite64).map(([fd, , count, offset]) => [fd, count, offset])).toEqual([
      [3, size, 0],
      [3, size, 0],
    ]);
  });

  test("xbgr8888 shows what xrgb8888 shows", async () => {
    const one = await draw(`${name} --frames 1`);
    const other = await draw(`${name} --frames 1`, { format: "xbgr8888" });
    expect(other.shown(other.video())).toEqual(one.shown(one.video()));
  });

  test.each(["rgb565", "c8"] as const)("%s keeps the colours of 4 × 4 pixels together", async (format) => {
    const full = await draw(`${name} --frames 1`, { width: 160, height: 120 });
    const few = await draw(`${name} --frames 1`, { width: 160, height: 120, format });
    const far = distances(blocks(full.shown(full.video())), blocks(few.shown(few.video())));
    // 8 of 255: one step of rgb565's red.
    expect(far.reduce((sum, d) => sum + d, 0) / far.length).toBeLessThan(8);
  });

  test.each(["xrgb8888", "c8"] as const)("the golden picture, %s", async (format) => {
    const screen = await draw(`${name} --frames 1`, { width: 160, height: 120, format });
    const shown = screen.shown(screen.video());
    expect(shown).toEqual(goldenPicture(`${name}-${format}`, 160, 120, shown));
  });
});

/** Mean colour of each 4 × 4 block of a picture 160 pixels wide. */
const blocks = (rgb: Uint8Array): Float64Array => {
  const means = new Float64Array(rgb.length / 16);
  for (let i = 0; i < rgb.length; i++) {
    const x = Math.floor(i / 3) % 160;
    const y = Math.floor(i / 480);
    means[3 * ((y >> 2) * 40 + (x >> 2)) + (i % 3)]! += rgb[i]! / 16;
  }
  return means;
};
const distances = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => Math.abs(value - b[i]!));

describe("arguments", () => {
  const run = async (command: string): Promise<[status: number, out: string, error: string]> => {
    const argv = command.split(" ");
    const screen = new FakeScreen(argv);
    const status = await screen.run(guests[argv[0]!]!);
    return [status, ...screen.output];
  };

  test.each([
    ["plasma --shiny", 'plasma: unknown option "--shiny"\n'],
    ["plasma fast", 'plasma: unknown option "fast"\n'],
    ["bounce --frames", 'bounce: --frames takes a number from 1, not ""\n'],
    ["bounce --frames=0", 'bounce: --frames takes a number from 1, not "0"\n'],
    ["bounce --frames 1e3", 'bounce: --frames takes a number from 1, not "1e3"\n'],
    ["mandelbrot --copied=1", 'mandelbrot: unknown option "--copied=1"\n'],
  ])("%s: one line on stderr and status 2", async (command, error) => {
    expect(await run(command)).toEqual([2, "", error]);
  });

  test("--help prints every option and draws nothing", async () => {
    const [status, out, error] = await run("bounce --help");
    expect([status, error]).toEqual([0, ""]);
    for (const option of ["--frames N", "--copied", "--stores", "--pinned", "--help"]) expect(out).toContain(option);
    expect(out).toContain("60 unless");
  });

  test("--frames N and --frames=N; the last of --stores and --pinned counts", async () => {
    expect((await draw("plasma --frames=2")).frames.length).toBe(2);
    expect((await draw("plasma")).frames.length).toBe(1);
    expect((await draw("plasma --pinned --stores")).frames).toEqual((await draw("plasma")).frames);
  });
});

// perror(3), and status 1.
describe("a call that fails ends the guest", () => {
  test.each([
    ["plasma", { [SYS_openat]: -ENOENT }, "/dev/fb0: No such file or directory\n"],
    ["plasma", { [SYS_mmap]: -ENODEV }, "/dev/fb0: No such device\n"],
    ["plasma --copied", { [SYS_pwrite64]: -EIO }, "write: Input/output error\n"],
    ["plasma", { [SYS_ioctl]: -EACCES }, "/dev/fb0: Permission denied\n"],
  ])("%s", async (command, failing, error) => {
    const screen = new FakeScreen(command.split(" "), { failing });
    expect(await screen.run(guests.plasma!)).toBe(1);
    expect(screen.output).toEqual(["", error]);
  });
});
