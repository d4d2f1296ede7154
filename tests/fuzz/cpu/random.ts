/** Seeded choices: the same seed, the same choices (sfc32, seeded by splitmix-like stirring). */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** `seeds` are any safe integers; each changes everything. */
  constructor(...seeds: readonly number[]) {
    [this.#a, this.#b, this.#c] = [0x9e37_79b9, 0x243f_6a88, 0xb7e1_5162];
    for (const seed of seeds) {
      this.#a ^= seed >>> 0;
      this.#b ^= Math.floor(seed / 2 ** 32) >>> 0;
      for (let i = 0; i < 12; i++) this.word32();
    }
  }

  word32(): number {
    const sum = (this.#a + this.#b + this.#count++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  word64(): bigint {
    return (BigInt(this.word32()) << 32n) | BigInt(this.word32());
  }

  /** 0 … limit - 1. */
  below(limit: number): number {
    return Math.floor((this.word32() / 2 ** 32) * limit);
  }

  /** low … high, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }
}
