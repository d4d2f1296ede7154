/**
 * The bus: which device answers at which physical address. It is the `bus` import of the machine (an access that
 * reaches neither RAM nor video memory ends here), and what decides that an access is a fault.
 */
import type { Device, Width } from "./device.ts";

/** Nobody answers: an access fault. */
export const BUS_NO_ANSWER = -1;

interface Attachment {
  readonly base: number;
  readonly device: Device;
}

export class Bus {
  readonly #attachments: Attachment[] = [];
  #high = 0;

  /** @throws Error when the range overlaps one that is taken, or when base or size is no multiple of 8 bytes. */
  attach(base: number, device: Device): void {
    const added = { base, device };
    if (device.size <= 0 || base % 8 !== 0 || device.size % 8 !== 0) {
      throw new Error(`bus: ${describe(added)} does not start and end at a multiple of 8 bytes`);
    }
    for (const taken of this.#attachments) {
      if (base < taken.base + taken.device.size && taken.base < base + device.size) {
        throw new Error(`bus: ${describe(added)} overlaps ${describe(taken)}`);
      }
    }
    this.#attachments.push(added);
  }

  /** The low 32 bits of what the device answers, unsigned, or BUS_NO_ANSWER. */
  read(pa: number, width: number): number {
    const found = this.#find(pa, width);
    if (found === undefined) return BUS_NO_ANSWER;
    const { device } = found;
    const offset = pa - found.base;
    if (width !== 8) return device.read(offset, width as Width) >>> 0;
    const low = device.read(offset, 4) >>> 0;
    this.#high = device.read(offset + 4, 4) >>> 0;
    return low;
  }

  /** The upper 32 bits of the last read of width 8. */
  high(): number {
    return this.#high;
  }

  /** 1, or 0: nobody takes it. `hi` counts for width 8 only; bits above the width are dropped. */
  write(pa: number, width: number, lo: number, hi: number): number {
    const found = this.#find(pa, width);
    if (found === undefined) return 0;
    const { device } = found;
    const offset = pa - found.base;
    if (width === 8) {
      device.write(offset, 4, lo >>> 0);
      device.write(offset + 4, 4, hi >>> 0);
    } else {
      device.write(offset, width as Width, width === 4 ? lo >>> 0 : lo & ((1 << (8 * width)) - 1));
    }
    return 1;
  }

  /** Who answers an aligned access of a width that the device takes. */
  #find(pa: number, width: number): Attachment | undefined {
    for (const attachment of this.#attachments) {
      const { base, device } = attachment;
      if (pa >= base && pa - base < device.size) {
        return pa % width === 0 && device.widths.includes(width as Width) ? attachment : undefined;
      }
    }
    return undefined;
  }
}

/** "uart at 0x10000000 … 0x10000fff" */
function describe({ base, device }: Attachment): string {
  return `${device.name} at 0x${base.toString(16)} … 0x${(base + device.size - 1).toString(16)}`;
}
