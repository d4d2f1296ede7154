/** What our decoder makes of a stream's instructions, a line each. */

import { RAM_BASE } from "../../../assembly/memory-map.ts";
import { HartMachine } from "../../assembly/hart/hart-machine.ts";
import { meaning, recordAt } from "../../assembly/hart/records.ts";
import { lengthOf } from "./stream.ts";

/** Away from a page's end, where a record would have to be put together. */
const PLACE = RAM_BASE + 0x1_0000;

export const disassemble = (words: readonly number[], address: number): string[] => {
  const machine = new HartMachine();
  let at = address;
  return words.map((word) => {
    machine.write(PLACE, [word, 0x9002]);
    machine.pc = PLACE;
    machine.exports.run(1);
    const line = `${at.toString(16)}:  ${word
      .toString(16)
      .padStart(2 * lengthOf(word), "0")
      .padEnd(10)}${meaning(recordAt(machine, PLACE))}`;
    at += lengthOf(word);
    return line;
  });
};
