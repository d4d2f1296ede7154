/**
 * /sys/class: what drivers tell about their devices (fs/sysfs, drivers/base/core.c of Linux 6.12).
 *
 * Not modelled: /sys/devices, of which the entries here are links on Linux; attributes that can be written (EIO).
 */
import { EIO } from "../../../abi/errno.ts";
import type { DeviceAttribute, FileOperations, SysfsDevice } from "../../../devices/drivers/driver.ts";
import { MAJOR, MINOR } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import type { ModuleOwner } from "../module-loader.ts";
import type { DebugFs } from "./debugfs.ts";
import type { DentryRecord } from "./dentry.ts";
import { encodePath } from "./path.ts";

const READ_ONLY = 0o444;

export class SysFs {
  readonly #core: Core;
  readonly #tree: DebugFs;
  readonly #class: DentryRecord;
  readonly #devices = new Map<number, DentryRecord>();

  constructor(core: Core, tree: DebugFs) {
    this.#core = core;
    this.#tree = tree;
    this.#class = tree.createDir("class", null) as DentryRecord;
  }

  deviceCreate(name: string, dev: number, device: SysfsDevice, owner: ModuleOwner | null): void {
    const className = this.#class.children.get(device.class) ?? this.#tree.createDir(device.class, this.#class);
    const directory = this.#tree.createDir(name, className) as DentryRecord;
    this.#devices.set(dev, directory);
    const numbers = `${MAJOR(dev)}:${MINOR(dev)}\n`;
    const uevent = `MAJOR=${MAJOR(dev)}\nMINOR=${MINOR(dev)}\nDEVNAME=${name}\n`;
    const all = { dev: { show: () => numbers }, uevent: { show: () => uevent }, ...device.attributes };
    for (const [attribute, how] of Object.entries(all)) {
      this.#tree.createFileUnsafe(attribute, READ_ONLY, directory, null, this.#operations(how), owner);
    }
  }

  deviceDestroy(dev: number): void {
    const directory = this.#devices.get(dev);
    if (directory !== undefined) this.#tree.remove(directory);
    this.#devices.delete(dev);
  }

  /** The text is made by the read at position 0, as a seq_file's. */
  #operations({ show }: DeviceAttribute): FileOperations {
    return {
      read: (file, buffer, count, position) => {
        if (position.value === 0 || file.privateData === null) file.privateData = encodePath(show());
        return this.#core.simpleReadFromBuffer(buffer, count, position, file.privateData as Uint8Array);
      },
      write: () => -EIO,
    };
  }
}
