/**
 * The files of numbers that the machine (asc) and its host (TypeScript) both import. The two compilers can disagree
 * without a word: `0x80000000 + 0x80000000` is 0 in one and 4294967296 in the other. Here each file is compiled by asc,
 * and every export must be the number that TypeScript sees.
 */
import { readdirSync, readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { describe, expect, it } from "vitest";

type Constants = Record<string, number>;

/** What asc makes of each constant: its value as f64, so that a u32 and an i32 with the same bits are apart. */
const seenByAsc = async (source: string, names: readonly string[]): Promise<Constants> => {
  const getters = names.map((name) => `export function get_${name}(): f64 { return <f64>c.${name}; }`);
  const files: Record<string, string> = {
    "entry.ts": ['import * as c from "./constants.ts";', ...getters].join("\n"),
    "constants.ts": source,
  };
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(["entry.ts", "-o", "out.wasm", "--runtime", "stub"], {
    readFile: (name) => files[name] ?? null,
    writeFile: (_, contents) => {
      binary = new Uint8Array(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(stderr.toString());
  const { instance } = await WebAssembly.instantiate(binary, { env: { abort: () => {} } });
  const exports = instance.exports as Record<string, () => number>;
  return Object.fromEntries(names.map((name) => [name, exports[`get_${name}`]!()]));
};

/** A file of numbers is one that exports constants and declares nothing else. */
const isFileOfNumbers = (source: string): boolean =>
  /^export const /m.test(source) && !/^(export )?(abstract |declare |function |class |@)/m.test(source);

const files = readdirSync("assembly")
  .filter((name) => name.endsWith(".ts") && isFileOfNumbers(readFileSync(`assembly/${name}`, "utf8")))
  .map((name) => name.replace(/\.ts$/, ""));

it("finds the files of numbers", () => {
  expect(files).toEqual(expect.arrayContaining(["riscv", "memory-map", "layout", "hart-layout", "scanout-format"]));
});

describe.each(files)("assembly/%s.ts", (file) => {
  it("is the same to both compilers", async () => {
    const seenByTypeScript: Constants = { ...(await import(`../../assembly/${file}.ts`)) };
    const names = Object.keys(seenByTypeScript);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !Number.isSafeInteger(seenByTypeScript[name]))).toEqual([]);
    // It stands alone or leans on other files of numbers, which are compiled with it here.
    const source = inlineImports(readFileSync(`assembly/${file}.ts`, "utf8"));
    expect(await seenByAsc(source, names)).toEqual(seenByTypeScript);
  });
});

/** The imported files' text in the place of the imports: they hold only constants. */
const inlineImports = (source: string): string =>
  source.replace(/^import [^;]*from "\.\/([\w-]+\.ts)";\n/gm, (_, name: string) =>
    inlineImports(readFileSync(`assembly/${name}`, "utf8").replace(/^export const/gm, "const")),
  );

describe("the comparison sees", () => {
  it.each([
    ["a sum that overflows", "export const X = 0x80000000 + 0x80000000;", 0x1_0000_0000],
    ["a product that overflows", "export const X = 0x10000 * 0x10000;", 0x1_0000_0000],
    ["a difference below zero of large numbers", "export const X = 0x80000000 - 0x90000000;", -0x1000_0000],
    ["a division that is not whole", "export const X = 3 / 2;", 1.5],
  ])("%s", async (_, source, inJavaScript) => {
    expect((await seenByAsc(source, ["X"])).X).not.toBe(inJavaScript);
  });

  it("and agrees where there is nothing to see", async () => {
    const source = "export const A = 0xffff_ffff;\nexport const B = -1;\nexport const C = A - 0x7fff_ffff;";
    expect(await seenByAsc(source, ["A", "B", "C"])).toEqual({ A: 0xffff_ffff, B: -1, C: 0x8000_0000 });
  });
});
