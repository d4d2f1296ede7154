/**
 * The wasm text of a hit in the TLB, as golden files: a helper that is no longer inlined, an address that is no longer
 * a constant, a second load of the same word shows up here as a difference. When a change is meant, look at the new
 * text and accept it with `npx vitest run tests/assembly/hot-path -u`.
 *
 * Truth: the shape measured fastest. The entry's address, one load of the tag, one xor, one comparison; the addend,
 * the access.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The text of an exported function. */
const exportedFunction = (wat: string, name: string): string => {
  const symbol = new RegExp(`\\(export "${name}" \\(func (\\S+)\\)\\)`).exec(wat)?.[1];
  if (symbol === undefined) throw new Error(`no export ${name}`);
  const start = wat.indexOf(`\n (func ${symbol} `) + 1;
  // asc numbers what it inlines over the whole program.
  return wat.slice(start, wat.indexOf("\n )\n", start) + 4).replace(/\|inlined\.\d+/g, "|inlined");
};

// The coverage build is not the machine.
describe.skipIf(process.env.SCANOUT_WASM)("a TLB hit", () => {
  const wat = readFileSync("build/machine.wat", "utf8");

  it.each(["load32", "load64", "store32", "store64"])("%s", async (name) => {
    await expect(exportedFunction(wat, name)).toMatchFileSnapshot(`golden/${name}.wat`);
  });

  it.each([
    ["load32", "Mmu.loadSlow"],
    ["load64", "Mmu.loadSlow"],
    ["store32", "Mmu.storeSlow"],
    ["store64", "Mmu.storeSlow"],
  ])("%s calls nothing but %s, and that once, on a miss", (name, slow) => {
    const calls = exportedFunction(wat, name).match(/call \S+/g);
    expect(calls).toEqual([`call $assembly/mmu/${slow}`]);
  });

  it.each(["load32", "load64", "store32", "store64"])("%s converts its address without a trap", (name) => {
    expect(exportedFunction(wat, name)).toContain("i64.trunc_sat_f64_s");
  });
});
