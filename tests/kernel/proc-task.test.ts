/** Files of /proc and /sys that programs look at. Truth: proc(5) and its kin; fbsysfs.c; the recorded names of Linux. */
import { expect, test } from "vitest";
import { O_RDONLY } from "../../abi/fcntl.ts";
import { SIG_IGN, SIGUSR1, SIGUSR2, sigmask } from "../../abi/signal.ts";
import { program } from "../../guests/libc.ts";
import { Computer } from "../../src/computer.ts";
import { Lab, readText } from "./lab.ts";

test("/proc/self/status and stat tell what the process is", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    c.sigaction(SIGUSR1, () => {});
    c.sigaction(SIGUSR2, SIG_IGN);
    const status = new Map(
      (await readText(c, "/proc/self/status"))
        .trimEnd()
        .split("\n")
        .map((line) => line.split(":\t") as [string, string]),
    );
    const hex = (mask: bigint): string => mask.toString(16).padStart(16, "0");
    expect(status.get("Name")).toBe("test");
    expect(status.get("State")).toBe("R (running)");
    expect(status.get("Pid")).toBe(String(c.getpid()));
    expect(status.get("Uid")).toBe("0\t0\t0\t0");
    expect(status.get("SigCgt")).toBe(hex(sigmask(SIGUSR1)));
    expect(status.get("SigIgn")).toBe(hex(sigmask(SIGUSR2)));
    expect(status.get("Threads")).toBe("1");
    const fields = (await readText(c, "/proc/self/stat")).trimEnd().split(" ");
    // proc_pid_stat(5): 52 fields; (1) pid, (2) comm, (3) state, (5) pgrp, (6) session, (18) priority, (20) num_threads.
    expect(fields).toHaveLength(52);
    const pid = String(c.getpid());
    expect([0, 1, 2, 4, 5, 17, 19].map((i) => fields[i])).toEqual([pid, "(test)", "R", pid, pid, "20", "1"]);
    const pages = (await readText(c, "/proc/self/statm")).trimEnd().split(" ").map(Number);
    expect(pages).toHaveLength(7);
    expect(pages[1]).toBeGreaterThan(0);
    return 0;
  });
});

test("/proc/self/limits: the lines of proc_pid_limits(5)", async () => {
  const lab = await Lab.boot();
  await lab.run(async (c) => {
    const lines = (await readText(c, "/proc/self/limits")).split("\n");
    expect(lines[0]).toBe("Limit                     Soft Limit           Hard Limit           Units     ");
    expect(lines[4]).toBe("Max stack size            8388608              unlimited            bytes     ");
    expect(lines).toHaveLength(18);
    return 0;
  });
});

test("the machine's own files", async () => {
  const lab = await Lab.boot({ epoch: 1_700_000_000 });
  await lab.run(async (c) => {
    await c.nanosleep({ tv_sec: 2, tv_nsec: 5e8 });
    expect(await readText(c, "/proc/uptime")).toBe("2.50 2.50\n");
    expect(await readText(c, "/proc/stat")).toMatch(
      /^cpu {2}0 0 0 250 0 0 0 0 0 0\ncpu0 .*\n(.*\n)*btime 1700000000\n/,
    );
    expect(await readText(c, "/proc/cpuinfo")).toMatch(/^processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc/);
    expect(await readText(c, "/proc/sys/kernel/ostype")).toBe("Linux\n");
    expect(await readText(c, "/proc/sys/kernel/pid_max")).toBe("32768\n");
    expect(await readText(c, "/proc/filesystems")).toContain("nodev\tproc\n");
    const boot = await readText(c, "/proc/sys/kernel/random/boot_id");
    expect(boot).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n$/);
    expect(await readText(c, "/proc/sys/kernel/random/boot_id")).toBe(boot);
    expect(await c.open("/proc/sys/kernel/nothing", O_RDONLY)).toBe(-1);
    return 0;
  });
});

test("/sys/class/graphics/fb0 shows the mode that is set", async () => {
  const computer = await Computer.create({ display: { width: 320, height: 200 } });
  const seen: string[] = [];
  const { exited } = computer.spawn(
    program(async (c) => {
      for (const name of ["name", "virtual_size", "bits_per_pixel", "stride", "modes", "dev"]) {
        seen.push(await readText(c, `/sys/class/graphics/fb0/${name}`));
      }
      return 0;
    }),
  );
  expect(await exited).toEqual({ code: 0 });
  expect(seen[0]).toMatch(/^\S+\n$/);
  const [width, height] = seen[1]!.split(",").map(Number);
  expect([width! >= 320, height! >= 200]).toEqual([true, true]);
  expect(seen.slice(2)).toEqual(["32\n", "1280\n", "U:320x200p-60\n", "29:0\n"]);
});
