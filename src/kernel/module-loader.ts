/** insmod, rmmod, lsmod (kernel/module of Linux 6.12): drivers come and go while the machine runs. */
import { EBUSY, EEXIST, EFAULT, EINVAL, ENOENT, EWOULDBLOCK } from "../../abi/errno.ts";
import type { Kernel, Module, ModuleInstance } from "../../devices/drivers/driver.ts";
import { KERN_WARNING } from "../../devices/drivers/vm.ts";

interface Loaded {
  readonly module: Module;
  readonly instance: ModuleInstance;
  /** Open files and mappings of its devices: rmmod is refused while there are any. */
  readonly use: { count: number };
}

/** Counts who uses a module; files carry it as their owner. */
export interface ModuleOwner {
  get(): void;
  put(): void;
}

export interface LoaderHost {
  readonly kernel: Kernel;
  /** Runs a module's function in the name of insmod or rmmod; devices that it registers belong to `owner`. */
  runAs<T>(comm: string, owner: ModuleOwner, work: () => T): T;
  /** Reports what a module's function threw. */
  oops(error: unknown): void;
}

export class ModuleLoader {
  readonly #host: LoaderHost;
  readonly #loaded = new Map<string, Loaded>();

  constructor(host: LoaderHost) {
    this.#host = host;
  }

  /**
   * 0, or what the module's init returned; -EEXIST when it is loaded, -EINVAL for a parameter it does not have, -EFAULT
   * when its init ended in an Oops (a real insmod is killed by it).
   */
  insmod(module: Module, parameters: Readonly<Record<string, number>>): number {
    const { name } = module;
    if (this.#loaded.has(name)) return -EEXIST;
    const known = module.parameters ?? {};
    if (Object.keys(parameters).some((parameter) => !Object.hasOwn(known, parameter))) return -EINVAL;
    const use = { count: 0 };
    const owner = { get: () => void use.count++, put: () => void use.count-- };
    return this.#run("insmod", owner, () => {
      const instance = module.create(this.#host.kernel, { ...known, ...parameters });
      const result = instance.init();
      if (result < 0) return result;
      if (result > 0) {
        this.#host.kernel.printk(
          `${KERN_WARNING}do_init_module: '${name}'->init suspiciously returned ${result}, it should follow 0/-E convention\n`,
        );
      }
      this.#loaded.set(name, { module, instance, use });
      return 0;
    });
  }

  /**
   * delete_module(2) with O_NONBLOCK, as rmmod(8) calls it: 0; -ENOENT when it is not loaded, -EWOULDBLOCK while a file
   * or mapping of its devices is open, -EBUSY when it has no exit, -EFAULT when that ended in an Oops.
   */
  rmmod(name: string): number {
    const loaded = this.#loaded.get(name);
    if (loaded === undefined) return -ENOENT;
    const { exit } = loaded.instance;
    if (exit === undefined) return -EBUSY;
    if (loaded.use.count > 0) return -EWOULDBLOCK;
    this.#loaded.delete(name);
    return this.#run("rmmod", { get: () => {}, put: () => {} }, () => {
      exit.call(loaded.instance);
      return 0;
    });
  }

  #run(comm: string, owner: ModuleOwner, work: () => number): number {
    return this.#host.runAs(comm, owner, () => {
      try {
        return work();
      } catch (error) {
        this.#host.oops(error);
        return -EFAULT;
      }
    });
  }

  /** /proc/modules: name, size, users. Sizes are not modelled. */
  list(): string {
    return [...this.#loaded.values()].map(({ module, use }) => `${module.name} 0 ${use.count} - Live\n`).join("");
  }
}
