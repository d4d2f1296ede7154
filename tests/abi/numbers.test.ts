/**
 * Truth: the figures of the manual pages and of the kernel's headers, copied below; and, where a C compiler is present,
 * the value of every constant in the headers that riscv64 uses.
 */
import { describe, expect, test } from "vitest";
import * as fb from "../../abi/fb.ts";
import * as fcntl from "../../abi/fcntl.ts";
import * as input from "../../abi/input.ts";
import * as inputCodes from "../../abi/input-event-codes.ts";
import * as ioctl from "../../abi/ioctl.ts";
import * as mman from "../../abi/mman.ts";
import * as poll from "../../abi/poll.ts";
import * as prctl from "../../abi/prctl.ts";
import * as resource from "../../abi/resource.ts";
import * as sched from "../../abi/sched.ts";
import * as signal from "../../abi/signal.ts";
import * as stat from "../../abi/stat.ts";
import * as syscalls from "../../abi/syscalls.ts";
import * as termios from "../../abi/termios.ts";
import * as time from "../../abi/time.ts";
import * as uio from "../../abi/uio.ts";
import * as utsname from "../../abi/utsname.ts";
import * as vt from "../../abi/vt.ts";
import * as wait from "../../abi/wait.ts";
import { cMissing, runC } from "./c-compiler.ts";

test("system calls of riscv64 that asm-generic's header of 6.1 does not number", () => {
  // scripts/syscall.tbl of Linux 6.12.
  expect(syscalls.SYS_riscv_hwprobe).toBe(258);
  expect(syscalls.SYS_riscv_flush_icache).toBe(259);
  expect(syscalls.SYS_mseal).toBe(462);
  expect(new Set(Object.values(syscalls)).size).toBe(Object.keys(syscalls).length);
});

test("device numbers: makedev(3) splits major and minor as Linux's new_encode_dev does", () => {
  // stat(1) of /dev/fb0 (29:0) prints device 0x1d00.
  expect(stat.makedev(29, 0)).toBe(0x1d00);
  expect(stat.makedev(0x123, 0x45678)).toBe(0x4561_2378);
  expect([stat.major(0x4561_2378), stat.minor(0x4561_2378)]).toEqual([0x123, 0x45678]);
});

test("a wait status", () => {
  // wait(2): WEXITSTATUS "consists of the least significant 8 bits of the status argument" of exit(3).
  const exited = wait.W_EXITCODE(256 + 7, 0);
  expect([wait.WIFEXITED(exited), wait.WEXITSTATUS(exited), wait.WIFSIGNALED(exited)]).toEqual([true, 7, false]);
  const killed = wait.W_EXITCODE(0, signal.SIGSEGV) | wait.WCOREFLAG;
  expect([wait.WIFEXITED(killed), wait.WIFSIGNALED(killed), wait.WTERMSIG(killed), wait.WCOREDUMP(killed)]).toEqual([
    false,
    true,
    11,
    true,
  ]);
  expect([wait.WIFSTOPPED(0x137f), wait.WSTOPSIG(0x137f), wait.WIFSIGNALED(0x137f)]).toEqual([true, 19, false]);
  expect(wait.WIFCONTINUED(0xffff)).toBe(true);
});

test("names of signals", () => {
  expect([signal.signalName(11), signal.signalName(29), signal.signalName(34), signal.signalName(99)]).toEqual([
    "SIGSEGV",
    "SIGIO",
    "SIGRT_2",
    "99",
  ]);
  expect(signal.strsignal(11)).toBe("Segmentation fault");
  expect(signal.sigmask(signal.SIGCHLD)).toBe(0x1_0000n);
});

/** A table, the headers that define its constants, and the names those headers (of Linux 6.1) do not have. */
const TABLES: readonly {
  file: string;
  table: Readonly<Record<string, unknown>>;
  headers: string;
  without?: readonly string[];
}[] = [
  {
    file: "syscalls",
    table: syscalls,
    headers: "asm-generic/unistd.h",
    // riscv's own, and the calls that Linux 6.2 … 6.12 added.
    without:
      "riscv_hwprobe riscv_flush_icache cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal"
        .split(" ")
        .map((name) => `SYS_${name}`),
  },
  { file: "mman", table: mman, headers: "asm-generic/mman.h linux/mman.h linux/memfd.h", without: ["MAP_FAILED"] },
  {
    file: "fcntl",
    table: fcntl,
    headers: "linux/fcntl.h linux/fs.h linux/limits.h linux/memfd.h linux/falloc.h linux/close_range.h linux/openat2.h",
    // MFD_EXEC and MFD_NOEXEC_SEAL came with Linux 6.3.
    without: ["MFD_EXEC", "MFD_NOEXEC_SEAL", "O_ASYNC", "SEEK_CUR", "F_OK", "X_OK", "W_OK", "R_OK"],
  },
  { file: "stat", table: stat, headers: "linux/types.h linux/stat.h", without: ["DT_", "DIRENT64_NAME"] },
  { file: "ioctl", table: ioctl, headers: "asm-generic/ioctls.h asm-generic/termbits.h linux/kd.h linux/vt.h" },
  { file: "termios", table: termios, headers: "asm-generic/ioctls.h asm-generic/termbits.h" },
  { file: "fb", table: fb, headers: "linux/types.h asm-generic/ioctl.h linux/major.h linux/fb.h" },
  { file: "poll", table: poll, headers: "asm-generic/poll.h" },
  { file: "wait", table: wait, headers: "linux/wait.h", without: ["WCOREFLAG"] },
  { file: "time", table: time, headers: "linux/time.h linux/timex.h asm-generic/siginfo.h", without: ["USER_HZ"] },
  { file: "uio", table: uio, headers: "linux/uio.h linux/fs.h" },
  {
    file: "sched",
    table: sched,
    headers: "linux/types.h linux/sched.h linux/futex.h linux/resource.h",
    // The C library's name of SCHED_NORMAL.
    without: ["SCHED_OTHER"],
  },
  { file: "prctl", table: prctl, headers: "linux/prctl.h" },
  { file: "resource", table: resource, headers: "asm-generic/resource.h linux/resource.h" },
  { file: "utsname", table: utsname, headers: "linux/random.h" },
  {
    file: "input",
    table: input,
    headers: "linux/major.h linux/input.h",
    without: ["EVDEV_MINOR_BASE", "MOUSEDEV_MIX"],
  },
  { file: "vt", table: vt, headers: "linux/major.h linux/kd.h linux/vt.h linux/keyboard.h" },
  { file: "input-event-codes", table: inputCodes, headers: "linux/input-event-codes.h" },
  {
    file: "signal",
    table: signal,
    headers: "asm-generic/signal.h asm-generic/siginfo.h",
    without: ["SIG_DFL", "SIG_IGN", "SIG_ERR", "SIGSET_SIZE", "SIGRTMAX", "SS_"],
  },
];
const FLAGS =
  "#define __BITS_PER_LONG 64\n#define __ARCH_WANT_SYS_CLONE3\n#define __ARCH_WANT_MEMFD_SECRET\n#define __ARCH_WANT_SET_GET_RLIMIT\n#define __ARCH_WANT_NEW_STAT\n";

const missing = cMissing();
describe.skipIf(missing)(`every constant has its header's value${missing ? ` (skipped: ${missing})` : ""}`, () => {
  test.each(TABLES)("$file", ({ table, headers, without = [] }) => {
    const names = Object.keys(table).filter(
      (name) => ["number", "bigint"].includes(typeof table[name]) && !without.some((prefix) => name.startsWith(prefix)),
    );
    const cName = (name: string): string => name.replace(/^SYS_/, "__NR_");
    const source = `${FLAGS}${headers
      .split(" ")
      .map((header) => `#include <${header}>`)
      .join("\n")}
int printf(const char *, ...);
int main(void) {
${names.map((name) => `printf("${name} %lld\\n", (long long)(${cName(name)}));`).join("\n")}
}`;
    const ours = names.map((name) => `${name} ${BigInt.asIntN(64, BigInt(table[name] as number | bigint))}`);
    expect(ours).toEqual(runC(source).trimEnd().split("\n"));
    expect(names.length).toBeGreaterThan(0);
  });
});
