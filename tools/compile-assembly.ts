/** Compiles one AssemblyScript file by itself: for benchmarks of a part of the machine. */
import asc from "assemblyscript/asc";

/** asconfig.json's, as far as code is concerned. "--config none" is a file that is not there: no other entry is built. */
const FLAGS =
  "--config none -O3 --noAssert --uncheckedBehavior always --runtime stub --enable simd --importMemory " +
  "--zeroFilledMemory --initialMemory 16 --maximumMemory 65536 -o out.wasm";

/** The module's bytes. `entry` is a path from the project's root. @throws Error with the compiler's report. */
export async function compileAssembly(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([entry, ...FLAGS.split(" ")], {
    writeFile(name, contents) {
      if (name === "out.wasm") binary = new Uint8Array(contents as Uint8Array);
    },
  });
  if (error !== null || binary === undefined) throw new Error(`${entry}: ${stderr.toString()}`);
  return binary;
}
