/**
 * A device is one literal. It does not know its address: the bus does, and hands it offsets from its own start.
 *
 * An access is aligned to its width, lies inside the device, and has one of its widths: the bus turns every other one
 * into an access fault. So a device never answers "no".
 */
export interface Device {
  /** For error messages. */
  readonly name: string;
  /** Bytes of address space. */
  readonly size: number;
  /** The access widths it takes, of 1, 2, 4 and 8 bytes. Width 8 reaches it as two accesses of 4, the lower one first. */
  readonly widths: readonly Width[];
  /** An unsigned value of `width` bytes. */
  read(offset: number, width: Width): number;
  /** `value` is unsigned and fits in `width` bytes. */
  write(offset: number, width: Width, value: number): void;
}

export type Width = 1 | 2 | 4 | 8;
