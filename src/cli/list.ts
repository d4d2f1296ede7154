/** `scanout list`: the built-in guests. */
import { guests } from "../../guests/index.ts";

export const formatList = (): string => {
  const names = Object.keys(guests);
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${guests[name]!.summary}\n`).join("");
};
