import { Hart } from "./hart.ts";
import { RAM, VIDEO_MEMORY } from "./layout.ts";
import { RAM_BASE, VRAM_BASE } from "./memory-map.ts";

/** Guest-physical memory: what a physical address is in linear memory. */
export abstract class Physical {
  /** The host address of the byte at `pa`, valid to the end of its page; 0 where no memory answers. */
  @inline static host(pa: u64): usize {
    const hart = Hart.record;
    // Unsigned differences: an address below the base becomes one far above the size.
    const ramOffset = pa - RAM_BASE;
    if (ramOffset < hart.ramSize) return <usize>RAM + <usize>ramOffset;
    const vramOffset = pa - VRAM_BASE;
    if (vramOffset < hart.vramSize) return <usize>VIDEO_MEMORY + <usize>vramOffset;
    return 0;
  }

  /** Whether the host address lies in video memory. */
  @inline static isVideo(host: usize): bool {
    return host - VIDEO_MEMORY < Hart.record.vramSize;
  }
}
