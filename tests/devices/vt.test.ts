/**
 * The console on the framebuffer: /dev/tty1, /dev/tty0 and /dev/console. Truth: console_codes(4), ioctl_console(2) (its
 * sentences are quoted), keyboard tables of Linux's US keymap, and a picture that was looked at.
 */
import { describe, expect, test } from "vitest";
import { EINVAL, ENOTTY, ENXIO } from "../../abi/errno.ts";
import { fbVarScreeninfo } from "../../abi/fb.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import { FORMAT_C8, FORMAT_RGB565, FORMAT_XRGB8888 } from "../../assembly/scanout-format.ts";
import { HostInput } from "../../devices/drivers/host-input.ts";
import { openFramebuffer } from "../../guests/framebuffer.ts";
import type { Libc } from "../../guests/libc.ts";
import type { Computer, ComputerOptions } from "../../src/computer.ts";
import { goldenPicture } from "../guests/golden.ts";
import { withInput } from "./input-machine.ts";

const WIDTH = 320;
const HEIGHT = 160;

const onConsole = (main: (c: Libc, computer: Computer) => Promise<void> | void, options: ComputerOptions = {}) =>
  withInput(main, { console: "framebuffer", display: { width: WIDTH, height: HEIGHT }, ...options });

const shown = (computer: Computer): Uint8Array => {
  const { data, width, height } = computer.frame().picture;
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]!);
};
const row = (computer: Computer, y: number): string => computer.vt!.screen.cells.text(y).trimEnd();

const PAGE = [
  "\x1b[1mScanout\x1b[0m: \x1b[31mred \x1b[92mgreen\x1b[0m \x1b[1;34mblue\x1b[0m \x1b[7mreverse\x1b[0m\n",
  "\x1b[4munderline\x1b[0m \x1b[2mdim\x1b[0m \x1b[30;46m on cyan \x1b[0m äöü €\n",
  "┌─────┬─────┐ \x1b(0lqqqwqqqk\x1b(B\n│ one │ two │ \x1b(0xABCxDEFx\x1b(B\n└─────┴─────┘ \x1b(0mqqqvqqqj\x1b(B\n",
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((n) => `\x1b[48;5;${n}m  `),
  "\x1b[0m\n\x1b[9;38H->\x1b[10;1H$ ls\x1b[8;3Hplaced",
].join("");

test.each([
  ["xrgb8888", FORMAT_XRGB8888],
  ["rgb565", FORMAT_RGB565],
  ["c8", FORMAT_C8],
])("the page that was looked at, in %s", async (name, format) => {
  await onConsole(
    async (c, computer) => {
      await c.print(PAGE);
      const rgb = shown(computer);
      // The console's sixteen colours are the palette's: c8 shows what xrgb8888 shows.
      const golden = name === "rgb565" ? "console-rgb565" : "console-xrgb8888";
      if (name !== "c8" || process.env.UPDATE_GOLDEN !== "1") {
        expect(rgb).toEqual(goldenPicture(golden, WIDTH, HEIGHT, rgb));
      }
    },
    { display: { width: WIDTH, height: HEIGHT, format } },
  );
});

test("all three nodes are the one terminal, of 8 × 16 pixels a character", () =>
  onConsole(async (c, computer) => {
    for (const [i, path] of ["/dev/console", "/dev/tty0", "/dev/tty1"].entries()) {
      const fd = await c.open(path, O_RDWR);
      await c.writeBytes(fd, new TextEncoder().encode(`${path}\n`));
      expect(row(computer, i)).toBe(path);
    }
    const stat = c.stat("/dev/tty1");
    expect(stat !== -1 && stat.st_rdev).toBe(0x401);
    const va = c.malloc(8);
    // TIOCGWINSZ.
    expect(await c.ioctl(1, 0x5413, va)).toBe(0);
    expect([c.user.load16(va), c.user.load16(va + 2)]).toEqual([10, 40]);
  }));

test("the screen scrolls at its end, and only rows that changed are damaged", () =>
  onConsole(async (c, computer) => {
    for (let i = 1; i <= 12; i++) await c.print(`line ${i}\n`);
    expect([row(computer, 0), row(computer, 8), row(computer, 9)]).toEqual(["line 4", "line 12", ""]);
    computer.frame();
    await c.print("\x1b[3;1Hx");
    const { top, bottom } = computer.frame();
    // Row 2 of text is lines 32 to 47, and the cursor left row 9; a page holds 3.2 lines.
    expect(top).toBeGreaterThanOrEqual(28);
    expect(bottom).toBe(HEIGHT);
    await c.print("y");
    const next = computer.frame();
    expect([next.top >= 28, next.bottom <= 52]).toEqual([true, true]);
  }));

test("DSR and DA are answered into the terminal's input", () =>
  onConsole(async (c) => {
    await c.print("\x1b[4;7H\x1b[6n\x1b[5n\x1b[c");
    // Without ICANON and ECHO.
    const va = c.malloc(64);
    expect(await c.ioctl(0, 0x5401, va)).toBe(0);
    c.user.store32(va + 12, 0);
    expect(await c.ioctl(0, 0x5402, va)).toBe(0);
    const bytes = await c.readBytes(0, 64);
    expect(new TextDecoder().decode(bytes as Uint8Array)).toBe("\x1b[4;7R\x1b[0n\x1b[?6c");
  }));

describe("the keyboard", () => {
  /** Settings without line editing, echo and signals: what is typed is read as it is. */
  const raw = async (c: Libc): Promise<void> => {
    const va = c.malloc(64);
    await c.ioctl(0, 0x5401, va);
    c.user.store32(va, 0);
    c.user.store32(va + 12, 0);
    await c.ioctl(0, 0x5402, va);
  };
  const press = ({ input }: Computer, ...keys: string[]): void => {
    for (const key of keys) input.key(key, "down");
    for (const key of keys.reverse()) input.key(key, "up");
  };
  const read = async (c: Libc) => new TextDecoder().decode((await c.readBytes(0, 64)) as Uint8Array);

  // console_codes(4), keymaps(5): what the US keymap and func strings type.
  test.each([
    [["KeyA"], "a"],
    [["ShiftLeft", "KeyA"], "A"],
    [["ShiftRight", "Digit2"], "@"],
    [["Slash"], "/"],
    [["ShiftLeft", "Backslash"], "|"],
    [["ControlLeft", "KeyC"], "\x03"],
    [["ControlRight", "BracketLeft"], "\x1b"],
    [["AltLeft", "KeyX"], "\x1bx"],
    [["Enter"], "\r"],
    [["Backspace"], "\x7f"],
    [["Tab"], "\t"],
    [["ArrowUp"], "\x1b[A"],
    [["ArrowLeft"], "\x1b[D"],
    [["Home"], "\x1b[1~"],
    [["Delete"], "\x1b[3~"],
    [["PageDown"], "\x1b[6~"],
    [["F1"], "\x1b[[A"],
    [["F5"], "\x1b[[E"],
    [["F6"], "\x1b[17~"],
    [["F12"], "\x1b[24~"],
    [["Numpad5"], "5"],
    [["NumpadEnter"], "\r"],
  ])("%j types %j", (keys, text) =>
    onConsole(async (c, computer) => {
      await raw(c);
      press(computer, ...keys);
      expect(await read(c)).toBe(text);
    }),
  );

  test("a line, edited: echo, erase, Enter", () =>
    onConsole(async (c, computer) => {
      press(computer, "KeyO");
      press(computer, "KeyX");
      press(computer, "Backspace");
      press(computer, "KeyK");
      press(computer, "Enter");
      expect(await read(c)).toBe("ok\n");
      expect([row(computer, 0), computer.vt!.screen.y]).toEqual(["ok", 1]);
    }));

  test("CapsLock turns letters over; DECCKM makes ESC O of cursor keys", () =>
    onConsole(async (c, computer) => {
      await raw(c);
      await c.print("\x1b[?1h");
      press(computer, "CapsLock");
      press(computer, "KeyA");
      press(computer, "Digit1");
      press(computer, "ShiftLeft", "KeyB");
      press(computer, "ArrowDown");
      expect(await read(c)).toBe("A1b\x1bOB");
    }));

  // ioctl_console(2): K_RAW "raw (scancode) mode", K_MEDIUMRAW "medium raw (keycode) mode", K_OFF "disable".
  test("KDSKBMODE", () =>
    onConsole(async (c, computer) => {
      await raw(c);
      const va = c.malloc(4);
      await c.ioctl(0, 0x4b44, va);
      expect(c.user.load32(va)).toBe(3);
      const bytes = async (mode: number) => {
        expect(await c.ioctl(0, 0x4b45, mode)).toBe(0);
        press(computer, "KeyA");
        press(computer, "ArrowUp");
        return [...((await c.readBytes(0, 64)) as Uint8Array)];
      };
      // KEY_A is 30, KEY_UP 103; scan codes 0x1e and 0xe0 0x48.
      expect(await bytes(2)).toEqual([30, 30 | 0x80, 103, 103 | 0x80]);
      expect(await bytes(0)).toEqual([0x1e, 0x9e, 0xe0, 0x48, 0xe0, 0xc8]);
      expect([await c.ioctl(0, 0x4b45, 5), c.errno]).toEqual([-1, EINVAL]);
      await c.ioctl(0, 0x4b45, 4);
      press(computer, "KeyA");
      await c.ioctl(0, 0x4b45, 3);
      press(computer, "KeyZ");
      expect(await read(c)).toBe("z");
    }));

  test("what comes in on the host's input is typed too", async () => {
    const input = new HostInput();
    input.feed("typed\n");
    input.end();
    await onConsole(
      async (c) => {
        expect(await read(c)).toBe("typed\n");
        expect(await c.readBytes(0, 8)).toEqual(new Uint8Array(0));
      },
      { input },
    );
  });
});

// ioctl_console(2): "KD_GRAPHICS … graphics mode": the console does not paint.
test("KDSETMODE: in graphics mode nothing is painted, and text comes back whole", () =>
  onConsole(async (c, computer) => {
    await c.print("before\n");
    const text = shown(computer);
    const fb = await openFramebuffer(c);
    if (fb === -1) throw new Error("no framebuffer");
    expect(await c.ioctl(1, 0x4b3a, 1)).toBe(0);
    const mode = c.malloc(4);
    await c.ioctl(1, 0x4b3b, mode);
    expect(c.user.load32(mode)).toBe(1);
    c.user.fill(fb.va, 0x55, fb.stride * fb.height);
    await c.print("behind the picture");
    expect(new Set(shown(computer))).toEqual(new Set([0x55]));
    await c.print("\r\x1b[2K");
    await c.ioctl(1, 0x4b3a, 0);
    expect(shown(computer)).toEqual(text);
    expect([await c.ioctl(1, 0x4b3a, 4), c.errno]).toEqual([-1, EINVAL]);
  }));

test("a program sets another mode: the terminal has another size, and SIGWINCH tells", () =>
  onConsole(async (c, computer) => {
    await c.print("stays\n");
    const fb = await openFramebuffer(c);
    if (fb === -1) throw new Error("no framebuffer");
    await c.ioctlStruct(fb.fd, 0x4601, fbVarScreeninfo, { ...fb.var, xres: 160, yres: 96, xres_virtual: 160 });
    const va = c.malloc(8);
    await c.ioctl(1, 0x5413, va);
    expect([c.user.load16(va), c.user.load16(va + 2)]).toEqual([6, 20]);
    expect(row(computer, 0)).toBe("stays");
    const { picture } = computer.frame();
    expect([picture.width, picture.height]).toEqual([160, 96]);
    expect(new Set(shown(computer))).toEqual(new Set([0, 0xaa]));
  }));

// The table of ioctls that framebuffer programs make (fbi, fbterm, Xorg).
test("VT_… and KD…: what they tell", () =>
  onConsole(async (c) => {
    const va = c.malloc(16);
    const ask = async (command: number, size: number) => {
      c.user.fill(va, 0xee, 16);
      expect(await c.ioctl(0, command, va), command.toString(16)).toBe(0);
      return [...c.user.read(va, size)];
    };
    const refused = async (command: number, argument: number) => {
      expect(await c.ioctl(0, command, argument)).toBe(-1);
      return c.errno;
    };
    // VT_GETSTATE: active 1, signal 0, state: tty0 and tty1.
    expect(await ask(0x5603, 6)).toEqual([1, 0, 0, 0, 3, 0]);
    // VT_GETMODE: VT_AUTO.
    expect(await ask(0x5601, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    c.user.write(va, Uint8Array.of(1, 0, 10, 0, 12, 0, 9, 0));
    expect(await c.ioctl(0, 0x5602, va)).toBe(0);
    // "frsig: unused (set to 0)"
    expect(await ask(0x5601, 8)).toEqual([1, 0, 10, 0, 12, 0, 0, 0]);
    expect(await c.ioctl(0, 0x5605, 2)).toBe(0);
    expect(await refused(0x5605, 1)).toBe(EINVAL);
    c.user.write(va, Uint8Array.of(2));
    expect(await refused(0x5602, va)).toBe(EINVAL);
    expect([await c.ioctl(0, 0x5606, 1), await c.ioctl(0, 0x5607, 1)]).toEqual([0, 0]);
    expect([await refused(0x5606, 0), await refused(0x5606, 64)]).toEqual([ENXIO, ENXIO]);
    // VT_OPENQRY: "The first available (non-opened) console. … If no free vt, -1".
    expect(await ask(0x5600, 4)).toEqual([255, 255, 255, 255]);
    // KDGKBTYPE: KB_101, a char.
    expect(await ask(0x4b33, 2)).toEqual([2, 0xee]);
    // KDGKBENT: table 0 (plain), key 30 (A): KT_LETTER, "a"; a hole.
    c.user.write(va, Uint8Array.of(0, 30, 0, 0));
    expect(await c.ioctl(0, 0x4b46, va)).toBe(0);
    expect(c.user.load16(va + 2)).toBe(0x0b61);
    c.user.write(va, Uint8Array.of(0, 240, 0, 0));
    await c.ioctl(0, 0x4b46, va);
    expect(c.user.load16(va + 2)).toBe(0x0200);
    expect(await c.ioctl(0, 0x4b30, 0x1234)).toBe(0);
    expect(await refused(0x4bff, 0)).toBe(ENOTTY);
  }));
