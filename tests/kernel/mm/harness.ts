/** An address space on a real machine, without the rest of the kernel: user accesses fault as a process's would. */
import type { File, Inode, VmArea } from "../../../devices/drivers/driver.ts";
import { Log } from "../../../src/kernel/log.ts";
import { makeBadPageReporter } from "../../../src/kernel/mm/bad-page.ts";
import type { FaultSignal } from "../../../src/kernel/mm/fault.ts";
import { Asids, Mm, type MmHost } from "../../../src/kernel/mm/mm.ts";
import { PageAllocator } from "../../../src/kernel/mm/pages.ts";
import { handleTrap } from "../../../src/kernel/trap.ts";
import { Machine } from "../../../src/machine.ts";

const MIB = 0x10_0000;

export class MmHarness implements MmHost {
  readonly machine: Machine;
  readonly log = new Log(() => 0);
  readonly pages: PageAllocator;
  readonly asids = new Asids();
  readonly maxMapCount = 65_530;
  readonly zeroPfn: number;
  readonly files = new Map<Inode, Map<VmArea, Mm>>();
  readonly references = new Map<File, number>();

  static async create(): Promise<MmHarness> {
    return new MmHarness(await Machine.create({ ram: 16 * MIB, videoMemory: MIB }));
  }

  private constructor(machine: Machine) {
    this.machine = machine;
    this.pages = new PageAllocator(
      machine,
      makeBadPageReporter(
        this.log,
        () => 0,
        () => "test",
      ),
    );
    this.zeroPfn = this.pages.allocPage(true)!.pfn;
    machine.exports.setPrivilege(0);
  }

  getFile(file: File): void {
    this.references.set(file, (this.references.get(file) ?? 0) + 1);
  }

  putFile(file: File): void {
    this.references.set(file, this.references.get(file)! - 1);
  }

  mappingsOf(inode: Inode): Map<VmArea, Mm> {
    const mappings = this.files.get(inode) ?? new Map();
    this.files.set(inode, mappings);
    return mappings;
  }

  outOfMemory(): void {}

  isCached(): boolean {
    return false;
  }

  shmemZeroSetup(): number {
    throw new Error("assert: this test maps no shared anonymous memory");
  }

  newMm(): Mm {
    const mm = Mm.create(this);
    if (mm === null) throw new Error("assert: no memory for a page table");
    return mm;
  }

  /** A user-mode load of one byte: the value, or the signal it earns. */
  load(mm: Mm, va: number): number | FaultSignal {
    mm.activate();
    for (;;) {
      const value = this.machine.exports.load8(va);
      if (value >= 0) return value;
      const signal = this.#trap(mm);
      if (signal !== null) return signal;
    }
  }

  /** A user-mode store of one byte: null, or the signal it earns. */
  store(mm: Mm, va: number, value: number): null | FaultSignal {
    mm.activate();
    for (;;) {
      if (this.machine.exports.store8(va, value) === 0) return null;
      const signal = this.#trap(mm);
      if (signal !== null) return signal;
    }
  }

  #trap(mm: Mm): FaultSignal | null {
    return handleTrap(mm, this.machine.exports.trapCause(), this.machine.exports.trapValue());
  }
}
