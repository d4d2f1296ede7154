import {
  CODE_MAP,
  CODE_MAP_SIZE,
  CODE_PAGES,
  CODE_POOL,
  CODE_POOL_SIZE,
  CODE_SLOT_SIZE,
  CODE_SLOTS_SIZE,
  VIDEO_MEMORY,
  VIDEO_MEMORY_SIZE,
} from "./layout.ts";
import { RAM_SIZE_MAX } from "./memory-map.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "./riscv.ts";

/** Bytes of a slot's own record in CODE_SLOTS. */
export const CODE_SLOT_RECORD = 8;

if ((CODE_PAGES + 1) * CODE_SLOT_SIZE > CODE_POOL_SIZE) ERROR("the code pool is too small");
if ((CODE_PAGES + 1) * CODE_SLOT_RECORD > CODE_SLOTS_SIZE) ERROR("there are more slots than records of them");
if ((VIDEO_MEMORY_SIZE / PAGE_SIZE) * 2 + (RAM_SIZE_MAX / PAGE_SIZE) * 2 > CODE_MAP_SIZE)
  ERROR("the code map is too small");

/** Which pages of physical memory have predecoded code, and where. */
export abstract class CodeMap {
  /** Where the map's word for the page of a host address is. */
  @inline static word(host: usize): usize {
    return <usize>CODE_MAP + (((host - VIDEO_MEMORY) >>> PAGE_SHIFT) << 1);
  }

  /** The slot of the page, 0: none. */
  @inline static slot(host: usize): u32 {
    return load<u16>(CodeMap.word(host));
  }

  /** The records of a slot's page. */
  @inline static records(slot: u32): usize {
    return <usize>CODE_POOL + slot * CODE_SLOT_SIZE;
  }
}
