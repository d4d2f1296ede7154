/**
 * Truth: the figures that riscv64's gcc gave for linux/fb.h, the offsets asm-generic/stat.h documents by its fields,
 * and (where a C compiler is present) sizeof and offsetof of every field of Linux's own headers.
 */
import { describe, expect, test } from "vitest";
import * as fb from "../../abi/fb.ts";
import { flock } from "../../abi/fcntl.ts";
import * as input from "../../abi/input.ts";
import { winsize } from "../../abi/ioctl.ts";
import { pollfd } from "../../abi/poll.ts";
import { rlimit, rusage } from "../../abi/resource.ts";
import { cloneArgs } from "../../abi/sched.ts";
import { sigaction, siginfoChild, siginfoFault, siginfoKill, stackT } from "../../abi/signal.ts";
import { DIRENT64_NAME, linuxDirent64, stat, statx } from "../../abi/stat.ts";
import type { Fields, Struct } from "../../abi/struct.ts";
import { termios, termios2 } from "../../abi/termios.ts";
import { itimerval, timespec, timeval, timex, tms } from "../../abi/time.ts";
import { iovec } from "../../abi/uio.ts";
import { sysinfo, utsname } from "../../abi/utsname.ts";
import * as vt from "../../abi/vt.ts";
import { cMissing, runC } from "./c-compiler.ts";

describe("figures measured with riscv64 gcc", () => {
  test("framebuffer structs", () => {
    expect([fb.fbFixScreeninfo.size, fb.fbVarScreeninfo.size, fb.fbCmap.size, fb.fbVblank.size]).toEqual([
      80, 160, 40, 32,
    ]);
    expect(fb.fbFixScreeninfo.offsets).toMatchObject({
      smem_start: 16,
      smem_len: 24,
      type: 28,
      type_aux: 32,
      visual: 36,
      xpanstep: 40,
      ypanstep: 42,
      ywrapstep: 44,
      line_length: 48,
      mmio_start: 56,
      mmio_len: 64,
      accel: 68,
      capabilities: 72,
    });
  });

  test("framebuffer commands", () => {
    expect(fb.FBIO_WAITFORVSYNC).toBe(0x4004_4620);
    expect(fb.FBIOGET_VBLANK).toBe(0x8020_4612);
  });

  test("struct stat, struct sigaction, siginfo_t, struct utsname", () => {
    expect([stat.size, sigaction.size, siginfoFault.size, utsname.size]).toEqual([128, 24, 128, 390]);
    expect(stat.offsets).toMatchObject({
      st_mode: 16,
      st_nlink: 20,
      st_rdev: 32,
      st_size: 48,
      st_blksize: 56,
      st_blocks: 64,
      st_atime: 72,
    });
    expect(siginfoFault.offsets.si_addr).toBe(16);
    expect([timespec.size, iovec.size, pollfd.size, input.inputEvent.size]).toEqual([16, 16, 8, 24]);
  });
});

/** Ours, C's type, and the headers that declare it. Fields whose name starts with "__" are padding. */
const STRUCTS: readonly (readonly [Struct<Fields>, type: string, headers: string])[] = [
  [fb.fbBitfield, "struct fb_bitfield", "linux/fb.h"],
  [fb.fbFixScreeninfo, "struct fb_fix_screeninfo", "linux/fb.h"],
  [fb.fbVarScreeninfo, "struct fb_var_screeninfo", "linux/fb.h"],
  [fb.fbCmap, "struct fb_cmap", "linux/fb.h"],
  [fb.fbVblank, "struct fb_vblank", "linux/fb.h"],
  [fb.fbCon2fbmap, "struct fb_con2fbmap", "linux/fb.h"],
  [stat, "struct stat", "asm-generic/stat.h"],
  [statx, "struct statx", "linux/types.h linux/stat.h"],
  [flock, "struct flock", "linux/fcntl.h"],
  [winsize, "struct winsize", "asm-generic/termios.h"],
  [vt.vtMode, "struct vt_mode", "linux/vt.h"],
  [vt.vtStat, "struct vt_stat", "linux/vt.h"],
  [vt.kbentry, "struct kbentry", "linux/kd.h"],
  [termios, "struct termios", "asm-generic/termbits.h"],
  [termios2, "struct termios2", "asm-generic/termbits.h"],
  [pollfd, "struct pollfd", "asm-generic/poll.h"],
  [timespec, "struct timespec", "linux/time.h"],
  [timeval, "struct timeval", "linux/time.h"],
  [itimerval, "struct itimerval", "linux/time.h"],
  [timex, "struct __kernel_timex", "linux/timex.h"],
  [tms, "struct tms", "linux/times.h"],
  [iovec, "struct iovec", "linux/uio.h"],
  [rlimit, "struct rlimit64", "linux/resource.h"],
  [rusage, "struct rusage", "linux/resource.h"],
  [cloneArgs, "struct clone_args", "linux/types.h linux/sched.h"],
  [utsname, "struct new_utsname", "linux/utsname.h"],
  [sysinfo, "struct sysinfo", "linux/sysinfo.h"],
  [input.inputEvent, "struct input_event", "linux/input.h"],
  [input.inputId, "struct input_id", "linux/input.h"],
  [input.inputAbsinfo, "struct input_absinfo", "linux/input.h"],
  [sigaction, "struct sigaction", "asm-generic/signal.h"],
  [stackT, "stack_t", "asm-generic/signal.h"],
  [siginfoFault, "siginfo_t", "asm-generic/siginfo.h"],
  [siginfoKill, "siginfo_t", "asm-generic/siginfo.h"],
  [siginfoChild, "siginfo_t", "asm-generic/siginfo.h"],
];

const missing = cMissing();
describe.skipIf(missing)(`every field where C puts it${missing ? ` (skipped: ${missing})` : ""}`, () => {
  test.each(STRUCTS.map(([struct, type, headers]) => ({ type, struct, headers })))(
    "$type",
    ({ struct, type, headers }) => {
      const fields = Object.keys(struct.offsets).filter((name) => !name.startsWith("__"));
      const source = `${headers
        .split(" ")
        .map((header) => `#include <${header}>`)
        .join("\n")}
int printf(const char *, ...);
int main(void) {
printf("sizeof %ld\\n", (long)sizeof(${type}));
${fields.map((name) => `printf("${name} %ld\\n", (long)__builtin_offsetof(${type}, ${name}));`).join("\n")}
}`;
      const ours = [`sizeof ${struct.size}`, ...fields.map((name) => `${name} ${struct.offsets[name]}`)];
      expect(ours).toEqual(runC(source).trimEnd().split("\n"));
    },
  );

  test("struct linux_dirent64's name follows d_type", () => {
    // getdents64(2) declares it; no header of user space does.
    const source = `#include <linux/types.h>
int printf(const char *, ...);
struct linux_dirent64 { __u64 d_ino; __s64 d_off; unsigned short d_reclen; unsigned char d_type; char d_name[]; };
int main(void) { printf("%ld %ld", (long)__builtin_offsetof(struct linux_dirent64, d_name), (long)sizeof(struct linux_dirent64)); }`;
    expect(`${DIRENT64_NAME} ${linuxDirent64.size}`).toBe(runC(source));
  });
});
