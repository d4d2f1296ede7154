/**
 * Typings of as-bind's runtime, version 0.8.2, as far as src/control uses it. build/as-bind.js is the package's own
 * dist/as-bind.esm.js, unmodified (tools/bundle-as-bind.mjs); the pattern makes the typings hold before it is built.
 */
declare module "*/build/as-bind.js" {
  /** One instantiated module. */
  export interface AsBindInstance {
    /** What the transform wrote into the module. */
    readonly typeDescriptor: {
      /** Classes by internal name: the runtime's class id, and the bytes of one object. */
      readonly typeIds: Record<string, { id: number; byteSize: number }>;
      readonly exportedFunctions: Record<string, { returnType: string; parameters: string[] }>;
    };
    /** The bound functions by name, and beside them every other export of the loader. */
    readonly exports: Record<string, unknown>;
    /** The instance as the engine made it: its exports are the raw ones. */
    readonly loadedModule: { readonly module: WebAssembly.Module; readonly instance: WebAssembly.Instance };
    /** @throws Error when no bound function names that class. */
    getTypeId(internalName: string): number;
  }

  /** How values of one AssemblyScript type cross the boundary. Called once for each value. */
  export interface Converter {
    /** What wasm returned (a number, a BigInt, or the address of an object) → the host's value. */
    ascToJs(instance: AsBindInstance, value: number | bigint, type: string): unknown;
    /** The host's value → what wasm takes. A result that is not the argument itself is pinned during the call. */
    jsToAsc(instance: AsBindInstance, value: unknown, type: string): unknown;
  }

  /** Keys are whole type names, or patterns; the first key that matches a type wins. */
  export const converters: Map<string | RegExp, Converter>;

  /** Compiles, instantiates and binds. Missing imports env.abort, env.trace and env.seed are added. */
  export function instantiate(
    source: BufferSource | Response | Promise<BufferSource | Response>,
    imports: WebAssembly.Imports,
  ): Promise<AsBindInstance>;
}
