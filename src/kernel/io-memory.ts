/** A driver's windows on the bus: registers (ioremap) and video memory (memremap). What leaves a window is a RangeError. */
import { VRAM_BASE } from "../../assembly/memory-map.ts";
import type { IoMemory, MappedMemory } from "../../devices/drivers/driver.ts";
import type { Machine } from "../machine.ts";

export const ioremap = ({ bus }: Machine, pa: number, size: number): IoMemory => {
  const check = (offset: number): number => {
    if (!(offset >= 0 && offset + 4 <= size))
      throw new RangeError(`register 0x${offset.toString(16)} of ${size} bytes`);
    return pa + offset;
  };
  return {
    readl: (offset) => bus.read(check(offset), 4) >>> 0,
    writel: (value, offset) => void bus.write(check(offset), 4, value >>> 0, 0),
  };
};

export const memremap = (machine: Machine, pa: number, size: number): MappedMemory => {
  const offset = pa - VRAM_BASE;
  if (!(offset >= 0 && offset % 4 === 0 && offset + size <= machine.vramSize)) {
    throw new RangeError(`0x${pa.toString(16)} + ${size} is not video memory`);
  }
  const video = machine.videoMemory();
  return {
    bytes: video.bytes.subarray(offset, offset + size),
    written: (at, length) => video.written(offset + at, Math.min(length, size - at)),
  };
};
