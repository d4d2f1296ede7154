/** The fixture module of tests/control/wasm, compiled by asc with the machine's transform and bound as the machine is. */
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { type Binding, bind } from "../../src/control/binding.ts";
import type { Runtime } from "../../src/control/object-layout.ts";

export type Values = Record<string, (...args: unknown[]) => unknown>;
export type FixtureExports = Runtime & { rawAdd(a: number, b: number): number };
export type FixtureBinding = Binding<Values, FixtureExports>;

const root = fileURLToPath(new URL("../../", import.meta.url));

export const compileFixture = async (target: "minimal" | "incremental"): Promise<Uint8Array<ArrayBuffer>> => {
  const output: Uint8Array[] = [];
  const { error, stderr } = await asc.main(
    [
      ...["tests/control/wasm/raw.ts", "tests/control/wasm/control.ts", "--baseDir", root],
      ...["--config", "tests/control/wasm/asconfig.json", "--target", target],
      ...["--transform", `${root}as-bind-transform.mjs`, "--outFile", "fixture.wasm"],
    ],
    { writeFile: (_name, contents) => void output.push(contents as Uint8Array) },
  );
  if (error) throw new Error(`asc: ${error.message}\n${stderr}`);
  return new Uint8Array(output[0]!);
};

/** A memory of 1 MiB, which the incremental runtime may grow. */
export const bindFixture = (wasm: BufferSource): Promise<FixtureBinding> => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  return bind<Values, FixtureExports>(wasm, { env: { memory } });
};
