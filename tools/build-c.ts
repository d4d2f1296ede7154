/** npm run build:c: compiles the C programs anew, over the committed ELFs. */
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { COMPILER, COMPILER_PACKAGE, COMPILER_VERSION, compileC, compilerVersion, cPrograms } from "./c-programs.ts";

chdir(fileURLToPath(new URL("..", import.meta.url)));
const version = compilerVersion();
if (version === null) throw new Error(`no ${COMPILER}: install Debian's ${COMPILER_PACKAGE}`);
if (version !== COMPILER_VERSION)
  throw new Error(`${COMPILER} is ${version}, the programs are made by ${COMPILER_VERSION}`);
const programs = cPrograms();
await compileC(programs, ".");
console.log(`${programs.length} programs`);
