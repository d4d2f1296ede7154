/** `scanout list`: the built-in guests. */
import { guests } from "../../guests/index.ts";
import { cGuests } from "./c-guests.ts";

export const formatList = (): string => {
  const typed = Object.values(guests).map(({ name, summary }) => [name, summary] as const);
  const all = [...typed, ...cGuests];
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, summary]) => `${name.padEnd(width)}  ${summary}\n`).join("");
};
