/**
 * Makes one machine out of its WebAssembly: one instance, reached in two ways.
 *
 *   exports   raw: numbers only, nothing between the caller and wasm. Everything hot.
 *   control   bound by as-bind: strings and views. Creating, configuring and describing the machine.
 *
 * A call costs 3 to 9 ns raw and 0.3 to 0.9 µs bound (Node 20; to measure: `node --import jiti/register
 * bench/boundary.ts`). A view is worth its call once: afterwards it costs nothing.
 */
import { type AsBindInstance, converters, instantiate } from "../../build/as-bind.js";
import type { MachineExports, MachineImports } from "../machine-exports.ts";
import { registerConverters } from "./converters.ts";
import { type MachineSource, packagedMachine } from "./source.ts";

/**
 * The control surface: assembly/control.ts as the host sees it. Views are live and cost no copy; one view made once
 * lasts as long as the machine.
 */
export interface Control {
  /** One line for people: what the hart can do, and how much memory there is. */
  describe(): string;
  /**
   * The privileged specification's words for an exception code, 0 to 2^32 - 1 ("Load page fault"); "Reserved" and
   * "Designated for custom use" are its words too.
   * @throws TypeError, RangeError when `cause` is no u32.
   */
  causeName(cause: number): string;
  /** Video memory: as many bytes as reset() was told. */
  videoMemory(): Uint8Array<ArrayBuffer>;
  /** RAM, from RAM_BASE on: as many bytes as reset() was told. */
  ram(): Uint8Array<ArrayBuffer>;
  /** Where scanout() puts the picture: R, G, B, A bytes, row after row without gaps, at most PICTURE_SIZE bytes. */
  picture(): Uint8ClampedArray<ArrayBuffer>;
  /** The 256 colours of c8 as 0xAABBGGRR, which is R, G, B, A in memory. */
  palette(): Uint32Array<ArrayBuffer>;
}

export interface Binding<C = Control, E = MachineExports> {
  readonly control: C;
  readonly exports: E;
  readonly memory: WebAssembly.Memory;
}

/** The bound functions alone: as-bind offers them among wrapped copies of every other export. */
const boundFunctions = (instance: AsBindInstance): Record<string, unknown> => {
  const names = Object.keys(instance.typeDescriptor.exportedFunctions);
  return Object.fromEntries(names.map((name) => [name, instance.exports[name]]));
};

/**
 * Instantiates an AssemblyScript module that imports its memory and was compiled with as-bind-transform.mjs.
 * When the module aborts, the call that made it do so throws an Error with the message, the file and the line.
 * @throws Error when the module has no bindings; WebAssembly.CompileError or LinkError when it is not such a module.
 */
export const bind = async <C, E>(
  source: MachineSource,
  imports: WebAssembly.Imports & { env: { memory: WebAssembly.Memory } },
): Promise<Binding<C, E>> => {
  registerConverters(converters);
  const instance = await instantiate(source, imports);
  return {
    control: boundFunctions(instance) as C,
    exports: instance.loadedModule.instance.exports as E,
    memory: imports.env.memory,
  };
};

/**
 * One machine whose register devices are behind `bus`, with a linear memory of `pages` pages of 64 KiB that never
 * grows, so that no view is ever detached. `source` undefined means the module of this package. Call exports.reset
 * before anything else.
 * @throws RangeError when the host cannot give so much memory.
 */
export const bindControl = (
  source: MachineSource | undefined,
  bus: MachineImports["bus"],
  pages: number,
): Promise<Binding> => {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  // as-bind copies own properties only: the methods of a class would be lost
  const imported = { read: bus.read.bind(bus), high: bus.high.bind(bus), write: bus.write.bind(bus) };
  return bind<Control, MachineExports>(source ?? packagedMachine(), { env: { memory }, bus: imported });
};
