/** assembly's floating point by itself. */
import { HART_FFLAGS } from "../../assembly/hart-layout.ts";
import { HART } from "../../assembly/layout.ts";
import { compileAssembly } from "../../tools/compile-assembly.ts";
import type { Result } from "./float-reference-round.ts";

type Instruction = (...operands: (bigint | number)[]) => bigint;

export class FloatInstance {
  readonly #instructions: Record<string, Instruction>;
  readonly #view: DataView;

  private constructor(instructions: Record<string, Instruction>, memory: WebAssembly.Memory) {
    this.#instructions = instructions;
    this.#view = new DataView(memory.buffer);
  }

  static async compile(): Promise<FloatInstance> {
    const binary = await compileAssembly("tests/assembly/wasm/float.ts");
    const memory = new WebAssembly.Memory({ initial: HART / 0x1_0000 + 1, maximum: 65536 });
    const { instance } = await WebAssembly.instantiate(binary, { env: { memory, abort() {} } });
    return new FloatInstance(instance.exports as Record<string, Instruction>, memory);
  }

  get names(): string[] {
    return Object.keys(this.#instructions).filter((name) => typeof this.#instructions[name] === "function");
  }

  /** Parameters of an instruction, its rounding mode included. */
  arity(name: string): number {
    return this.#instructions[name]!.length;
  }

  /** Executes with fflags preset; the flags of the answer are fflags afterwards. */
  run(name: string, operands: readonly bigint[], rm: number | undefined, fflags: number): Result {
    this.#view.setUint32(HART + HART_FFLAGS, fflags, true);
    const instruction = this.#instructions[name]!;
    const bits = rm === undefined ? instruction(...operands) : instruction(...operands, rm);
    return { bits: BigInt.asUintN(64, bits), flags: this.#view.getUint32(HART + HART_FFLAGS, true) };
  }
}
