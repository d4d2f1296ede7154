/**
 * Finds a guest: a built-in by name, or a file by path. A riscv64 ELF program runs on the hart; any other file is a module
 * that exports a guest, compiled as it is loaded when it is TypeScript.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { ELFMAG } from "../../abi/elf.ts";
import type { Program } from "../../abi/program.ts";
import { type Guest, guests } from "../../guests/index.ts";
import type { Computer } from "../computer.ts";
import type { Process, SpawnOptions } from "../kernel/spawn.ts";
import { cGuestFile, cGuests } from "./c-guests.ts";
import { defaultEnvironment, findProgram } from "./guest-files.ts";
import { UsageError } from "./usage-error.ts";

/** Starts what a name on the command line stands for. @throws UsageError when the machine cannot execute it. */
type StartGuest = (computer: Computer, options: SpawnOptions) => Process;

export interface LoadedGuest {
  readonly start: StartGuest;
  /** A compiled program of the user's own, and not a built-in guest or a module. */
  readonly isProgramFile: boolean;
}

const asProgramFile = (start: StartGuest): LoadedGuest => ({ start, isProgramFile: true });
const asGuest = (start: StartGuest): LoadedGuest => ({ start, isProgramFile: false });

const looksLikePath = (name: string): boolean => /[/\\.]/.test(name);

const builtIn = (name: string): Guest | undefined => (Object.hasOwn(guests, name) ? guests[name] : undefined);

/**
 * `hasRoot`: the machine has a root directory, whose programs go first: those named from "/", or found in PATH.
 * @throws UsageError for an unknown name, a file that cannot be read, and a module that exports no guest.
 */
export const loadGuest = async (name: string, hasRoot = false): Promise<LoadedGuest> => {
  if (hasRoot && (name.startsWith("/") || !name.includes("/"))) return asProgramFile(programOfRoot(name));
  const typed = builtIn(name);
  if (typed !== undefined) return asGuest((computer, options) => computer.spawn(typed.main, options));
  const inC = cGuestFile(name);
  if (inC !== null) return asGuest(elfStarter(name, readFile(name, inC)));
  if (!looksLikePath(name)) {
    const known = [...Object.keys(guests), ...cGuests.map(([one]) => one)].join(", ");
    throw new UsageError(`no built-in guest "${name}" (there are: ${known}); a file needs a path, as in ./${name}`);
  }
  const file = resolve(name);
  if (!existsSync(file)) throw new UsageError(`no such file: ${name}`);
  if (!statSync(file).isFile()) throw new UsageError(`not a file: ${name}`);
  const head = readFile(name, file);
  if (isElf(head)) return asProgramFile(elfStarter(name, head));
  const main = exportedProgram(name, await importModule(name, file));
  return asGuest((computer, options) => computer.spawn(main, options));
};

const readFile = (name: string, file: string): Uint8Array => {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const isElf = (bytes: Uint8Array): boolean => ELFMAG.every((byte, i) => bytes[i] === byte);

/** A program that is in the machine's tree already; a built-in guest when it is not there. */
const programOfRoot =
  (name: string): StartGuest =>
  (computer, options) => {
    const env = { ...defaultEnvironment(), ...options.env };
    const path = findProgram(computer.kernel, name, env.PATH ?? "");
    if (path === null) {
      const typed = builtIn(name);
      if (typed !== undefined) return computer.spawn(typed.main, options);
      throw new UsageError(
        `no program "${name}" in the root directory's PATH; a file of the host needs a path: ./${name}`,
      );
    }
    return startOrComplain(() => computer.kernel.spawnFile(path, { ...options, env }));
  };

const startOrComplain = (start: () => Process): Process => {
  try {
    return start();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** The program is put into the machine's tree and executed there. */
const elfStarter =
  (name: string, bytes: Uint8Array): StartGuest =>
  (computer, options) => {
    const env = { ...defaultEnvironment(), ...options.env };
    return startOrComplain(() => computer.spawnFile(`/bin/${basename(name)}`, bytes, { ...options, env }));
  };

/** A guest outside any project may still import the package's C library and numbers by their published names. */
const packageAliases = (): Record<string, string> => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const abi = readdirSync(join(root, "abi")).filter((file) => file.endsWith(`.${ending}`) && !file.endsWith(".d.ts"));
  return {
    "scanout/guest": join(root, `guests/libc.${ending}`),
    ...Object.fromEntries(abi.map((file) => [`scanout/abi/${file.slice(0, -3)}`, join(root, "abi", file)])),
  };
};

const importModule = async (name: string, file: string): Promise<unknown> => {
  try {
    return await createJiti(import.meta.url, { alias: packageAliases() }).import(file);
  } catch (error) {
    const [reason = "", where = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new UsageError(`cannot load ${name}: ${reason.trim()}${where === "" ? "" : ` (${where.trim()})`}`);
  }
};

/** A guest is the module's default export, or the export named `guest`: a function, or a record with a `main`. */
const exportedProgram = (name: string, module: unknown): Program => {
  const { default: byDefault, guest } = module as { default?: unknown; guest?: unknown };
  for (const candidate of [byDefault, guest]) {
    if (typeof candidate === "function") return candidate as Program;
    if (typeof candidate === "object" && candidate !== null && "main" in candidate) {
      const { main } = candidate as { main: unknown };
      if (typeof main === "function") return main as Program;
    }
  }
  throw new UsageError(`${name} exports no guest: it needs a default export that is a function (user) => …`);
};
