/**
 * The program that recorded fbprobe-vfb.txt and fbprobe-bochs-drm.txt, as a TypeScript guest: the same calls in the
 * same order. A line's label is the C expression.
 */
import {
  FB_ACTIVATE_TEST,
  FB_BLANK_POWERDOWN,
  FB_BLANK_UNBLANK,
  FB_VMODE_YWRAP,
  FBIO_CURSOR,
  FBIO_WAITFORVSYNC,
  FBIOBLANK,
  FBIOGET_FSCREENINFO,
  FBIOGET_VBLANK,
  FBIOGET_VSCREENINFO,
  FBIOGETCMAP,
  FBIOPAN_DISPLAY,
  FBIOPUT_VSCREENINFO,
  FBIOPUTCMAP,
  type FbBitfield,
  type FbVarScreeninfo,
  fbCmap,
  fbFixScreeninfo,
  fbVarScreeninfo,
  fbVblank,
} from "../../../abi/fb.ts";
import { O_RDONLY, O_RDWR, O_WRONLY, SEEK_CUR, SEEK_END, SEEK_SET } from "../../../abi/fcntl.ts";
import {
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_POPULATE_WRITE,
  MADV_REMOVE,
  MADV_WILLNEED,
  MADV_WIPEONFORK,
  MAP_FAILED,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MS_ASYNC,
  MS_SYNC,
  PROT_READ,
} from "../../../abi/mman.ts";
import { SA_NODEFER, SA_SIGINFO, SIGBUS, SIGSEGV } from "../../../abi/signal.ts";
import type { Stat } from "../../../abi/stat.ts";
import { SYS_mlock, SYS_munlock } from "../../../abi/syscalls.ts";
import { type Libc, type MaySleep, program, type SignalHandler } from "../../../guests/libc.ts";
import { Jump, Probe } from "./fbprobe-lines.ts";

const PG = 4096;
/** PROT_READ | PROT_WRITE. */
const RW = 3;
const TCGETS = 0x5401;
/** An address that nobody maps. */
const BAD = 8;

const hex = (value: number): string => value.toString(16);

const describe = async (t: Probe): Promise<void> => {
  const { c } = t;
  t.fd = await c.open("/dev/fb0", O_RDWR);
  await t.P("fd", () => t.fd);
  const { offsets: at, size } = fbFixScreeninfo;
  await c.puts(
    `sizeof fix=${size} var=${fbVarScreeninfo.size} cmap=${fbCmap.size} vblank=${fbVblank.size} ` +
      `off smem_start=${at.smem_start} smem_len=${at.smem_len} line_length=${at.line_length} ` +
      `mmio_start=${at.mmio_start} mmio_len=${at.mmio_len} accel=${at.accel}`,
  );
  await t.P("ioctl(fd,FBIOGET_VSCREENINFO,&v)", () => c.ioctl(t.fd, FBIOGET_VSCREENINFO, t.argument));
  const v = fbVarScreeninfo.read(c.user.read(t.argument, fbVarScreeninfo.size));
  await t.P("ioctl(fd,FBIOGET_FSCREENINFO,&f)", () => c.ioctl(t.fd, FBIOGET_FSCREENINFO, t.argument));
  const f = fbFixScreeninfo.read(c.user.read(t.argument, fbFixScreeninfo.size));
  t.v = v;
  t.f = f;
  const bits = ({ offset, length }: FbBitfield): string => `${offset}/${length}`;
  await c.puts(
    `var ${v.xres}x${v.yres} virt ${v.xres_virtual}x${v.yres_virtual} bpp ${v.bits_per_pixel} ` +
      `r${bits(v.red)} g${bits(v.green)} b${bits(v.blue)} t${bits(v.transp)} activate ${v.activate}`,
  );
  await c.puts(
    `fix id=${f.id} smem_start=${hex(f.smem_start)} len=${f.smem_len} line=${f.line_length} ` +
      `xpan ${f.xpanstep} ypan ${f.ypanstep} ywrap ${f.ywrapstep} mmio ${hex(f.mmio_start)}/${f.mmio_len} ` +
      `accel ${f.accel} cap ${f.capabilities} visual ${f.visual}`,
  );
};

const ioctls = async (t: Probe): Promise<void> => {
  const { c, fd, argument } = t;
  const ioctl = (label: string, command: number, value: number): Promise<void> =>
    t.P(`ioctl(fd,${label})`, () => c.ioctl(fd, command, value));
  await ioctl("FBIOGET_VSCREENINFO,0", FBIOGET_VSCREENINFO, 0);
  await ioctl("FBIOGET_FSCREENINFO,(void*)8", FBIOGET_FSCREENINFO, BAD);
  await ioctl("FBIOPUT_VSCREENINFO,0", FBIOPUT_VSCREENINFO, 0);
  c.memset(argument, 0, fbVblank.size);
  await ioctl("FBIO_WAITFORVSYNC,&(unsigned){0}", FBIO_WAITFORVSYNC, argument);
  await ioctl("FBIOGET_VBLANK,&(struct fb_vblank){0}", FBIOGET_VBLANK, argument);
  await ioctl("FBIO_CURSOR,0", FBIO_CURSOR, 0);
  await ioctl("0x46ff,0", 0x46ff, 0);
  await ioctl("0x5401,0", TCGETS, 0);
  // isatty(3) asks for the terminal's settings.
  await t.P("isatty(fd)", async () => (await c.ioctl(fd, TCGETS, argument)) === 0);
  await ioctl("FBIOBLANK,5", FBIOBLANK, 5);
  await ioctl("FBIOBLANK,FB_BLANK_UNBLANK", FBIOBLANK, FB_BLANK_UNBLANK);
  await ioctl("FBIOBLANK,FB_BLANK_POWERDOWN", FBIOBLANK, FB_BLANK_POWERDOWN);
  await ioctl("FBIOBLANK,0", FBIOBLANK, 0);
};

const modes = async (t: Probe): Promise<void> => {
  const { c, v } = t;
  const size = ({ xres, yres }: FbVarScreeninfo): string => `${xres}x${yres}`;
  const virtual = ({ xres_virtual, yres_virtual }: FbVarScreeninfo): string => `virt ${xres_virtual}x${yres_virtual}`;
  const show = (v2: FbVarScreeninfo, more = ""): MaySleep<number> =>
    c.puts(` -> bpp ${v2.bits_per_pixel} ${size(v2)}${more}`);
  await t.put({});
  await show(await t.put({ bits_per_pixel: 16 }));
  await t.put({ bits_per_pixel: 33 });
  await show(await t.put({ xres: 0, yres: 0 }));
  const small = await t.put({ xres: 640, yres: 480, xres_virtual: 640, yres_virtual: 480 });
  await show(small, ` ${virtual(small)}`);
  await t.put({ xres: 100_000, yres: 100_000 });
  await c.puts(` -> ${virtual(await t.put({ yres_virtual: v.yres * 2 }))}`);
  await t.put({ activate: FB_ACTIVATE_TEST });
  t.v = await t.ioctlVar(FBIOPUT_VSCREENINFO, "ioctl(fd,FBIOPUT_VSCREENINFO,&v)", v);
};

const pans = async (t: Probe): Promise<void> => {
  const { c, v } = t;
  const v2 = await t.pan({ yoffset: 0 });
  await t.pan({ ...v2, yoffset: 1 });
  await t.pan({ xoffset: 1 });
  await t.pan({ yoffset: 100_000 });
  await t.pan({ vmode: v.vmode | FB_VMODE_YWRAP, yoffset: 1 });
  await t.P("ioctl(fd,FBIOPAN_DISPLAY,0)", () => c.ioctl(t.fd, FBIOPAN_DISPLAY, 0));
};

const cmaps = async (t: Probe): Promise<void> => {
  const { c, fd, argument } = t;
  const [red, green, blue] = [c.malloc(600), c.malloc(600), c.malloc(600)];
  for (const channel of [red, green, blue]) c.memset(channel, 0, 600);
  const map = { start: 0, len: 16, red, green, blue, transp: 0 };
  const get = (): Promise<void> => cmap("ioctl(fd,FBIOGETCMAP,&c)", FBIOGETCMAP);
  const put = (): Promise<void> => cmap("ioctl(fd,FBIOPUTCMAP,&c)", FBIOPUTCMAP);
  const cmap = async (label: string, command: number): Promise<void> => {
    c.user.write(argument, fbCmap.encode(map));
    await t.P(label, () => c.ioctl(fd, command, argument));
  };
  const at = (channel: number, index: number): string => hex(c.user.load16(channel + index * 2));
  await get();
  map.len = 256;
  await get();
  await c.puts(` cmap[1]=${at(red, 1)} ${at(green, 1)} ${at(blue, 1)} [15]=${at(red, 15)} [255]=${at(red, 255)}`);
  Object.assign(map, { start: 256, len: 1 });
  await get();
  Object.assign(map, { start: 0, len: 0 });
  await get();
  map.len = 0x8000_0001;
  await put();
  map.len = 16;
  await put();
  map.red = BAD;
  await put();
  await get();
};

const readWrite = async (t: Probe): Promise<void> => {
  const { c, fd } = t;
  const L = t.f.smem_len;
  t.buffer = c.malloc(L + 8192);
  const { buffer } = t;
  const lseek = (offset: string, to: number): Promise<void> =>
    t.P(`lseek(fd,${offset},SEEK_SET)`, () => c.lseek(fd, to, SEEK_SET));
  const current = (): Promise<void> => t.P("lseek(fd,0,SEEK_CUR)", () => c.lseek(fd, 0, SEEK_CUR));
  const read = (count: string, bytes: number): Promise<void> =>
    t.P(`read(fd,buf,${count})`, () => c.read(fd, buffer, bytes));
  const write = (count: string, bytes: number): Promise<void> =>
    t.P(`write(fd,buf,${count})`, () => c.write(fd, buffer, bytes));
  await t.P("lseek(fd,0,SEEK_END)", () => c.lseek(fd, 0, SEEK_END));
  await lseek("L", L);
  await read("16", 16);
  await write("16", 16);
  await write("0", 0);
  await lseek("L-8", L - 8);
  await write("16", 16);
  await current();
  await lseek("L-8", L - 8);
  await read("16", 16);
  await lseek("L+1", L + 1);
  await read("1", 1);
  await write("1", 1);
  await lseek("0", 0);
  await write("L+4096", L + 4096);
  await current();
  await lseek("0", 0);
  await read("L+4096", L + 4096);
  await t.P("pwrite(fd,buf,4,4)", () => c.pwrite(fd, buffer, 4, 4));
  await t.P("pwrite(fd,buf,L+1,L)", () => c.pwrite(fd, buffer, L + 1, L));
  await t.P("pread(fd,buf,4,4)", () => c.pread(fd, buffer, 4, 4));
  await lseek("-1", -1);
  await t.P("write(fd,(void*)8,16)", () => c.write(fd, BAD, 16));
  await t.P("read(fd,(void*)8,16)", () => c.read(fd, BAD, 16));
  await t.P("ftruncate(fd,100)", () => c.ftruncate(fd, 100));
  await t.P("fsync(fd)", () => c.fsync(fd));
  await t.P("fstat(fd,&st)", () => (c.fstat(fd) === -1 ? -1 : 0));
  const { st_mode, st_rdev, st_size, st_blksize } = c.fstat(fd) as Stat;
  await c.puts(` mode ${st_mode.toString(8)} rdev ${hex(st_rdev)} size ${st_size} blksize ${st_blksize}`);
};

const procLines = async (c: Libc, path: string): Promise<string[]> => {
  const fd = await c.open(path, O_RDONLY);
  let text = "";
  for (;;) {
    const bytes = await c.readBytes(fd, 512);
    if (bytes === -1 || bytes.length === 0) break;
    text += new TextDecoder().decode(bytes);
  }
  c.close(fd);
  return text.split("\n");
};

const mapping = async (t: Probe): Promise<void> => {
  const { c, fd } = t;
  const L = t.f.smem_len;
  await t.P("mmap(0,L,3,MAP_SHARED,fd,0)>0", () => t.mmap(L, RW, MAP_SHARED, fd, 0) > 0);
  t.m = t.mmap(L, RW, MAP_SHARED, fd, 0);
  await t.F("m[0]=1", () => c.user.store8(t.m, 1));
  await t.F("m[L-1]=1", () => c.user.store8(t.m + L - 1, 1));
  const byte = c.malloc(1);
  await t.P("pread(fd,&t,1,0)", () => c.pread(fd, byte, 1, 0));
  await c.print(` store->read ${c.user.load8(byte)}; `);
  c.user.store8(byte, 77);
  c.pwrite(fd, byte, 1, 1);
  await c.puts(`write->load ${c.user.load8(t.m + 1)}`);
  for (const line of await procLines(c, "/proc/self/maps")) if (line.includes("fb0")) await c.puts(` maps: ${line}`);
  const smaps = await procLines(c, "/proc/self/smaps");
  const ours = smaps.slice(smaps.findIndex((line) => line.includes("fb0")));
  await c.puts(` ${ours.find((line) => line.includes("VmFlags"))}`);
};

const advice = async (t: Probe): Promise<void> => {
  const { c, m } = t;
  const madvise = (name: string, number: number): Promise<void> =>
    t.P(`madvise(m,PG,${name})`, () => c.madvise(m, PG, number));
  await t.P("msync(m,PG,MS_SYNC)", () => c.msync(m, PG, MS_SYNC));
  await t.P("msync(m,PG,MS_ASYNC)", () => c.msync(m, PG, MS_ASYNC));
  const vec = c.malloc(2);
  await t.P("mincore(m,PG,vec)", () => c.mincore(m, PG, vec));
  await c.puts(` vec ${c.user.load8(vec)}`);
  await madvise("MADV_DONTNEED", MADV_DONTNEED);
  await t.F('printf("%d ",m[1])', () => c.print(`${c.user.load8(m + 1)} `));
  await madvise("MADV_FREE", MADV_FREE);
  await madvise("MADV_WILLNEED", MADV_WILLNEED);
  await madvise("MADV_DONTFORK", MADV_DONTFORK);
  await madvise("MADV_DOFORK", MADV_DOFORK);
  await madvise("MADV_REMOVE", MADV_REMOVE);
  await madvise("MADV_POPULATE_WRITE", MADV_POPULATE_WRITE);
  await madvise("MADV_WIPEONFORK", MADV_WIPEONFORK);
  await t.P("mlock(m,PG)", () => c.syscall(SYS_mlock, m, PG));
  await t.P("munlock(m,PG)", () => c.syscall(SYS_munlock, m, PG));
};

const remapping = async (t: Probe): Promise<void> => {
  const { c, m } = t;
  const LA = Math.ceil(t.f.smem_len / PG) * PG;
  const store = (at: string, offset: number): Promise<void> => t.F(`m[${at}]=1`, () => c.user.store8(m + offset, 1));
  const mapped = (va: number): number => (va > 0 ? 1 : -1);
  await t.P("mprotect(m,PG,PROT_READ)", () => c.mprotect(m, PG, PROT_READ));
  await store("8", 8);
  await store("PG", PG);
  await t.P("mprotect(m,PG,3)", () => c.mprotect(m, PG, RW));
  await t.P("mprotect(m,PG,7)", () => c.mprotect(m, PG, 7));
  await t.P("(long)mremap(m,LA,LA+PG,MREMAP_MAYMOVE)>0?1:-1", () => mapped(c.mremap(m, LA, LA + PG, MREMAP_MAYMOVE)));
  await t.P("(long)mremap(m,LA,LA-PG,0)>0?1:-1", () => mapped(c.mremap(m, LA, LA - PG, 0)));
  await store("LA-PG", LA - PG);
  await t.P("munmap(m+PG,PG)", () => c.munmap(m + PG, PG));
  await store("PG", PG);
  await store("2*PG", 2 * PG);
  const moved = c.mremap(m + 2 * PG, PG, PG, MREMAP_MAYMOVE | MREMAP_FIXED, m + PG);
  await t.P("(char*)q==m+PG", () => moved === m + PG);
  await store("PG", PG);
  await store("2*PG", 2 * PG);
  await t.P("(long)mremap(m,PG,2*PG,0)", () => c.mremap(m, PG, 2 * PG, 0));
  const duplicate = c.mremap(m + 3 * PG, 0, PG, MREMAP_MAYMOVE);
  await t.P("q!=MAP_FAILED?1:-1", () => (duplicate !== MAP_FAILED ? 1 : -1));
  await t.P("munmap(m,LA)", () => c.munmap(m, LA));
  await store("0", 0);
};

const moreMaps = async (t: Probe): Promise<void> => {
  const { c, fd } = t;
  const LA = Math.ceil(t.f.smem_len / PG) * PG;
  const map = (label: string, x: () => number): Promise<void> => t.P(`(long)${label}>0?1:-1`, () => (x() > 0 ? 1 : -1));
  await map("mmap(0,LA+PG,3,MAP_SHARED,fd,0)", () => t.mmap(LA + PG, RW, MAP_SHARED, fd, 0));
  await map("mmap(0,PG,3,MAP_SHARED,fd,LA)", () => t.mmap(PG, RW, MAP_SHARED, fd, LA));
  await map("mmap(0,PG,3,MAP_SHARED,fd,LA-PG)", () => t.mmap(PG, RW, MAP_SHARED, fd, LA - PG));
  await map("mmap(0,2*PG,3,MAP_SHARED,fd,LA-PG)", () => t.mmap(2 * PG, RW, MAP_SHARED, fd, LA - PG));
  await map("mmap(0,PG,3,MAP_SHARED,fd,100)", () => t.mmap(PG, RW, MAP_SHARED, fd, 100));
  await map("(m=mmap(0,PG,3,MAP_PRIVATE,fd,0))", () => {
    t.m = t.mmap(PG, RW, MAP_PRIVATE, fd, 0);
    return t.m;
  });
  if (t.m !== MAP_FAILED) {
    await t.F("m[0]=99", () => c.user.store8(t.m, 99));
    const byte = c.malloc(1);
    c.pread(fd, byte, 1, 0);
    await c.puts(` private: dev=${c.user.load8(byte)} mem=${c.user.load8(t.m)}`);
  }
  const ro = await c.open("/dev/fb0", O_RDONLY);
  await map("mmap(0,PG,3,MAP_SHARED,ro,0)", () => t.mmap(PG, RW, MAP_SHARED, ro, 0));
  await map("mmap(0,PG,1,MAP_SHARED,ro,0)", () => t.mmap(PG, PROT_READ, MAP_SHARED, ro, 0));
  t.m = t.mmap(PG, PROT_READ, MAP_SHARED, ro, 0);
  await t.F("m[0]=1", () => c.user.store8(t.m, 1));
  await t.P("mprotect(m,PG,3)", () => c.mprotect(t.m, PG, RW));
  const wo = await c.open("/dev/fb0", O_WRONLY);
  await map("mmap(0,PG,2,MAP_SHARED,wo,0)", () => t.mmap(PG, 2, MAP_SHARED, wo, 0));
  await t.P("write(ro,buf,1)", () => c.write(ro, t.buffer, 1));
  await t.P("read(wo,buf,1)", () => c.read(wo, t.buffer, 1));
};

const forking = async (t: Probe): Promise<void> => {
  const { c } = t;
  t.m = t.mmap(t.f.smem_len, RW, MAP_SHARED, t.fd, 0);
  const { m } = t;
  c.user.store8(m, 5);
  c.fork((child) => {
    child.user.store8(m, 6);
    child.user.store8(m + 1, 7);
    return 0;
  });
  await c.waitpid(-1);
  await c.puts(` fork shared: ${c.user.load8(m)} ${c.user.load8(m + 1)}`);
  c.close(t.fd);
  await t.F("m[2]=9", () => c.user.store8(m + 2, 9));
};

const steps = (...all: ((t: Probe) => Promise<void>)[]) =>
  program(async (c) => {
    const jump: SignalHandler = (_signo, info) => {
      throw new Jump(info);
    };
    c.sigaction(SIGSEGV, jump, SA_SIGINFO | SA_NODEFER);
    c.sigaction(SIGBUS, jump, SA_SIGINFO | SA_NODEFER);
    const probe = new Probe(c);
    for (const step of all) await step(probe);
    await c.puts("PROBE-END");
    return 0;
  });

const memory = [mapping, advice, remapping, moreMaps, forking];

export const fbprobe = steps(describe, ioctls, modes, pans, cmaps, readWrite, ...memory);

/** Only what concerns the mapping of the device, after its description. */
export const fbprobeMemory = steps(describe, ...memory);
