/** What a program of the machine finds around it: --root, --mount, --env and --cwd. */
import { NodeDirectory } from "../host/node-directory.ts";
import type { KernelCore } from "../kernel/kernel.ts";
import { UsageError } from "./usage-error.ts";

export interface GuestFileOptions {
  readonly root?: string;
  readonly mount?: readonly string[];
  readonly env?: readonly string[];
  readonly cwd?: string;
}

/** What compiled programs find in their environment unless --env says otherwise. */
export const defaultEnvironment = (): Record<string, string> => ({
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
  TERM: (process.stdout.isTTY ? process.env.TERM : undefined) ?? "dumb",
});

/** @throws UsageError when there is no such directory. */
const openDirectory = (option: string, path: string): NodeDirectory => {
  try {
    return new NodeDirectory(path);
  } catch (error) {
    throw new UsageError(`${option} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** The directory that the machine shows as "/", or undefined. @throws UsageError */
export const openRoot = ({ root }: GuestFileOptions): NodeDirectory | undefined =>
  root === undefined ? undefined : openDirectory("--root", root);

/** Mounts what --mount asks for. @throws UsageError for a mount that cannot be. */
export const mountAll = (kernel: KernelCore, { mount = [] }: GuestFileOptions): void => {
  for (const text of mount) {
    const [, host, guest, mode] = /^(.+?):(\/[^:]*)(?::(rw|ro))?$/s.exec(text) ?? [];
    if (host === undefined || guest === undefined) {
      throw new UsageError(`--mount ${text}: expected HOST:GUEST, HOST:GUEST:ro or HOST:GUEST:rw, GUEST from the root`);
    }
    const directory = openDirectory("--mount", host);
    try {
      kernel.vfs.mountHost(guest, directory, mode === "rw");
    } catch (error) {
      throw new UsageError(`--mount ${text}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
};

/** What --env adds. @throws UsageError for what is no NAME=VALUE. */
export const environmentOf = ({ env = [] }: GuestFileOptions): Record<string, string> =>
  Object.fromEntries(
    env.map((text) => {
      const at = text.indexOf("=");
      if (at <= 0) throw new UsageError(`--env ${text}: expected NAME=VALUE`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );

/** The path of a program in the machine, as a shell finds it; null: it is not there. */
export const findProgram = (kernel: KernelCore, name: string, path: string): string | null => {
  if (name.startsWith("/")) return name;
  return (
    path
      .split(":")
      .map((directory) => `${directory}/${name}`)
      .find((candidate) => kernel.vfs.exists(candidate)) ?? null
  );
};
