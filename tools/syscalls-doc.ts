/** Writes docs/syscalls.md from the table of system calls: npm run docs:syscalls. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { syscallsPage } from "./syscalls-page.ts";

writeFileSync(fileURLToPath(new URL("../docs/syscalls.md", import.meta.url)), syscallsPage());
