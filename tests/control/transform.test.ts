/** What as-bind-transform.mjs writes into a module, against what as-bind 0.8.2's runtime reads out of it. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { HEAP_SIZE } from "../../assembly/layout.ts";
import { bindFixture, compileFixture } from "./fixture.ts";

const read = (path: string): Promise<Buffer> => readFile(new URL(`../../${path}`, import.meta.url));

const bindingsOf = async (wasm: BufferSource) => {
  const sections = WebAssembly.Module.customSections(await WebAssembly.compile(wasm), "as-bind_bindings");
  expect(sections).toHaveLength(1);
  return JSON.parse(new TextDecoder().decode(sections[0]));
};

let wasm: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  wasm = await compileFixture("minimal");
});

describe("the section", () => {
  test("has the signature of every control function in AssemblyScript's internal names", async () => {
    const { exportedFunctions } = await bindingsOf(wasm);
    expect(exportedFunctions.addU32).toEqual({ returnType: "u32", parameters: ["u32", "u32"] });
    expect(exportedFunctions.concatStrings).toEqual({
      returnType: "~lib/string/String",
      parameters: ["~lib/array/Array<~lib/string/String>"],
    });
    expect(exportedFunctions.nothing).toEqual({ returnType: "void", parameters: [] });
    expect(exportedFunctions.noString.returnType).toBe("~lib/string/String");
  });

  test("has every class in a signature, those inside an array too, with the ids 0.28 fixes", async () => {
    const { typeIds } = await bindingsOf(wasm);
    // std/assembly/rt/itcms.ts: "0: Object, 1: ArrayBuffer, 2: String"
    expect(typeIds["~lib/arraybuffer/ArrayBuffer"].id).toBe(1);
    expect(typeIds["~lib/string/String"].id).toBe(2);
    // std/assembly/arraybuffer.ts and array.ts: buffer, dataStart, byteLength; an Array has length_ as well
    expect(typeIds["~lib/typedarray/Uint8Array"].byteSize).toBe(12);
    expect(typeIds["~lib/array/Array<~lib/array/Array<~lib/string/String>>"].byteSize).toBe(16);
  });

  test("leaves out what another file exports: it stays raw", async () => {
    const { exportedFunctions } = await bindingsOf(wasm);
    const { control, exports } = await bindFixture(wasm);
    expect(exportedFunctions).not.toHaveProperty("rawAdd");
    expect(control).not.toHaveProperty("rawAdd");
    expect(exports.rawAdd(2, 3)).toBe(5);
  });

  test("is in the machine, and names no imports: the bus is called raw", async () => {
    const { exportedFunctions, importedFunctions } = await bindingsOf(new Uint8Array(await read("build/machine.wasm")));
    expect(importedFunctions).toEqual({});
    expect(exportedFunctions.causeName).toEqual({ returnType: "~lib/string/String", parameters: ["u32"] });
    expect(exportedFunctions).not.toHaveProperty("load32");
  });
});

describe("the build", () => {
  test("gives the heap the bytes the layout gives it", async () => {
    const { options } = JSON.parse((await read("asconfig.json")).toString());
    expect(options.lowMemoryLimit).toBe(HEAP_SIZE);
  });

  test("ships as-bind's runtime unmodified, behind its MIT notice", async () => {
    const shipped = (await read("build/as-bind.js")).toString();
    const original = (await read("node_modules/as-bind/dist/as-bind.esm.js")).toString();
    expect(shipped.endsWith(original)).toBe(true);
    const notice = shipped.slice(0, -original.length).replace(/^ \* ?/gm, "");
    expect(notice).toContain((await read("node_modules/as-bind/LICENSE")).toString().trim());
    expect(notice).toContain("Apache License 2.0");
  });
});
