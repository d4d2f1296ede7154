/**
 * Recorded vectors: a line for a case, state before and state after.
 *
 *     SC_D 100535af,18c536af : x10=m+8 x12=7 m=1,2 : x13=0 m=1,7
 *
 * The instruction's name; the code in hex, of which the last is the one that counts; what is not zero before; what is
 * another afterwards. m: two words of memory, and where they lie; pc: the address of the last instruction. A jump or
 * branch says where it went.
 */
export interface State {
  /** x0…x31, f0…f31, fcsr, and the two words of memory. */
  readonly words: readonly bigint[];
}

export const F = 32;
export const FCSR = 64;
export const M = 65;
export const STATE_WORDS = 67;

export interface Vector {
  readonly name: string;
  readonly code: readonly number[];
  /** Word to value; "m" and "pc" are added to what is relative to them. */
  readonly before: ReadonlyMap<number, Value>;
  readonly after: string;
}

export interface Value {
  readonly base: "" | "m" | "pc";
  readonly value: bigint;
}

const nameOf = (word: number): string => {
  if (word < F) return `x${word}`;
  if (word < FCSR) return `f${word - F}`;
  return word === FCSR ? "fcsr" : `m${word - M}`;
};

const wordOf = (name: string): number => {
  const number = Number(name.slice(1));
  return name === "fcsr" ? FCSR : number + ({ x: 0, f: F, m: M }[name[0]!] ?? Number.NaN);
};

const signed = (value: bigint): string => {
  const number = BigInt.asIntN(64, value);
  return number < 0n ? `-${(-number).toString(16)}` : `+${number.toString(16)}`;
};

const printValue = ({ base, value }: Value): string => (base === "" ? value.toString(16) : base + signed(value));

const parseValue = (text: string): Value => {
  const [, base, sign, digits] = /^(m|pc|)([+-]?)([0-9a-f]+)$/.exec(text)!;
  const value = BigInt(`0x${digits}`);
  return { base: base as Value["base"], value: sign === "-" ? -value : value };
};

const print = (values: Iterable<readonly [number, Value]>): string =>
  [...values].map(([word, value]) => `${nameOf(word)}=${printValue(value)}`).join(" ");

export const printVector = ({ name, code, before, after }: Vector): string =>
  `${name} ${code.map((word) => word.toString(16)).join(",")} : ${print(before)} : ${after}`.trimEnd();

export const parseVector = (line: string): Vector => {
  const [head, before, after] = line.split(":").map((part) => part.trim()) as [string, string, string];
  const [name, code] = head.split(" ") as [string, string];
  const values = before.split(" ").filter((text) => text !== "");
  return {
    name,
    code: code.split(",").map((word) => Number.parseInt(word, 16)),
    before: new Map(
      values.map((text) => text.split("=") as [string, string]).map(([w, v]) => [wordOf(w), parseValue(v)]),
    ),
    after: after ?? "",
  };
};

/** The instructions whose result is an address. */
const GIVES_ADDRESS = new Set(["AUIPC", "JAL", "JALR", "C_JALR"]);
/** The instructions after which another may follow than the next. */
export const isFlow = (name: string): boolean => /^(C_)?(B(EQ|NE|LT|GE)[UZ]*|J(AL)?R?)$/.test(name);

/** What an instruction did: `pc` and `next` are its address and that of the one that followed. */
export const printChange = (
  name: string,
  before: readonly bigint[],
  after: readonly bigint[],
  pc: bigint,
  next: bigint,
): string => {
  const changed: (readonly [number, Value])[] = [];
  for (const [word, value] of after.entries()) {
    if (value === before[word]) continue;
    const isAddress = word < F && GIVES_ADDRESS.has(name);
    changed.push([word, isAddress ? { base: "pc", value: value - pc } : { base: "", value }]);
  }
  const went = isFlow(name) ? [`pc${signed(next - pc)}`] : [];
  return [print(changed), ...went].filter((text) => text !== "").join(" ");
};
