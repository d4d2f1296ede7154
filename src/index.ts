/** The package's API: a computer to embed. Issue-free by itself: no global state, several side by side. */
export { Computer, type ComputerOptions, REFRESH_RATE } from "./computer.ts";
