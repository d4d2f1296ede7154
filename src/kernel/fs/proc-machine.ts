/** Files of /proc about the machine as a whole (proc(5)): the processor, times, the kernel's names. */
import { USER_HZ } from "../../../abi/time.ts";
import type { Core } from "../core.ts";
import { SECOND } from "../time-value.ts";
import type { Vfs } from "./vfs.ts";

/** As arch/riscv/kernel/cpu.c prints it: one hart, rv64imafdc with Zicntr, Zicsr and Zifencei, Sv39. */
const CPUINFO = `processor	: 0
hart		: 0
isa		: rv64imafdc_zicntr_zicsr_zifencei
mmu		: sv39
mvendorid	: 0x0
marchid		: 0x0
mimpid		: 0x0
hart isa	: rv64imafdc_zicntr_zicsr_zifencei

`;

const PID_MAX = 32_768;
/** "nodev" stands before a file system that is on no block device. */
const FILE_SYSTEMS = ["sysfs", "tmpfs", "proc", "devtmpfs", "debugfs", "pipefs", "overlay"];

const hundredths = (nanoseconds: number): string => (nanoseconds / SECOND).toFixed(2);
const ticks = (nanoseconds: number): number => Math.floor(nanoseconds / (SECOND / USER_HZ));

/** Time that living processes have been on the hart. */
const busyTime = (core: Core): number =>
  [...core.tasks].reduce((sum, task) => sum + task.cpuTime + task.childrenUsage.cpuTime, 0);

/** "user nice system idle iowait irq softirq steal guest guest_nice", in ticks. */
const formatStat = (core: Core): string => {
  const busy = Math.min(busyTime(core), core.ktimeGet());
  const times = `${ticks(busy)} 0 0 ${ticks(core.ktimeGet() - busy)} 0 0 0 0 0 0`;
  const tasks = [...core.tasks];
  const { seconds } = core.realTime();
  const boot = seconds - Math.floor(core.ktimeGet() / SECOND);
  const running = tasks.filter(({ state }) => state === "running").length;
  const last = Math.max(0, ...tasks.map(({ pid }) => pid));
  return `cpu  ${times}\ncpu0 ${times}\nintr 0\nctxt 0\nbtime ${boot}\nprocesses ${last}\nprocs_running ${running}\nprocs_blocked 0\n`;
};

/** A number of eight, four, four, four and twelve digits that is the machine's as long as it runs. */
const makeUuid = (core: Core): string => {
  const bytes = new Uint8Array(16);
  core.getRandomBytes(bytes);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

export const createMachineFiles = (core: Core, { proc }: Vfs): void => {
  proc.create("cpuinfo", () => CPUINFO);
  proc.create("stat", () => formatStat(core));
  proc.create(
    "uptime",
    () => `${hundredths(core.ktimeGet())} ${hundredths(Math.max(0, core.ktimeGet() - busyTime(core)))}\n`,
  );
  proc.create("loadavg", () => {
    const tasks = [...core.tasks];
    const running = tasks.filter(({ state }) => state === "running").length;
    return `0.00 0.00 0.00 ${running}/${tasks.length} ${Math.max(0, ...tasks.map(({ pid }) => pid))}\n`;
  });
  proc.create("filesystems", () => FILE_SYSTEMS.map((name) => `nodev\t${name}\n`).join(""));
  proc.create("cmdline", () => "\n");
  proc.create("swaps", () => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
  proc.create("sys/kernel/ostype", () => `${core.uts.sysname}\n`);
  proc.create("sys/kernel/osrelease", () => `${core.uts.release}\n`);
  proc.create("sys/kernel/version", () => `${core.uts.version}\n`);
  proc.create("sys/kernel/hostname", () => `${core.uts.nodename}\n`);
  proc.create("sys/kernel/domainname", () => `${core.uts.domainname}\n`);
  proc.create("sys/kernel/pid_max", () => `${PID_MAX}\n`);
  proc.create("sys/kernel/ngroups_max", () => "65536\n");
  proc.create("sys/kernel/threads-max", () => `${core.limits.processes}\n`);
  proc.create("sys/kernel/random/uuid", () => `${makeUuid(core)}\n`);
  let boot: string | null = null;
  proc.create("sys/kernel/random/boot_id", () => {
    boot ??= makeUuid(core);
    return `${boot}\n`;
  });
  proc.create("sys/fs/nr_open", () => `${core.limits.openFiles}\n`);
  proc.create("sys/vm/max_map_count", () => `${core.limits.mappings}\n`);
  proc.create("sys/vm/overcommit_memory", () => "0\n");
  proc.create("sys/vm/mmap_min_addr", () => "65536\n");
};
