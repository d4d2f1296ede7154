/** Directories of the host for tests, what is in them, and a program's calls on paths with errno by name. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { errnoName } from "../../abi/errno.ts";
import { AT_FDCWD, AT_REMOVEDIR, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from "../../abi/fcntl.ts";
import { DIRENT64_NAME, linuxDirent64, stat } from "../../abi/stat.ts";
import {
  SYS_getdents64,
  SYS_linkat,
  SYS_mkdirat,
  SYS_newfstatat,
  SYS_readlinkat,
  SYS_renameat2,
  SYS_symlinkat,
  SYS_truncate,
  SYS_unlinkat,
} from "../../abi/syscalls.ts";
import type { Guest } from "./guest.ts";

/** A new directory with these files; it goes with the test. */
export const hostTree = (files: Readonly<Record<string, string>> = {}): string => {
  const directory = mkdtempSync(join(tmpdir(), "scanout-host-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
};

/** Everything below a directory: "dir", "-> target", or a file's content. */
export const treeOf = (directory: string, at = ""): Record<string, string> => {
  const tree: Record<string, string> = {};
  for (const entry of readdirSync(join(directory, at), { withFileTypes: true })) {
    const name = at === "" ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(tree, { [name]: "dir" }, treeOf(directory, name));
    else if (entry.isSymbolicLink()) tree[name] = `-> ${readlinkSync(join(directory, name))}`;
    else tree[name] = `file ${readFileSync(join(directory, name), "latin1")}`;
  }
  return tree;
};

export const sizeOf = (path: string): number => statSync(path).size;

const named = (result: number): number | string => (result < 0 ? errnoName(-result) : result);

/** A program's calls on paths: what they give, or the name of the errno. */
export class Paths {
  readonly #g: Guest;

  constructor(g: Guest) {
    this.#g = g;
  }

  open(path: string, flags: number): number {
    return this.#g.open(path, flags);
  }

  read(path: string): string {
    const fd = this.#g.open(path, O_RDONLY);
    if (fd < 0) return errnoName(-fd);
    let content = "";
    for (;;) {
      const piece = this.#g.read(fd, 5000);
      if (piece === "" || typeof piece === "number") break;
      content += piece;
    }
    this.#g.close(fd);
    return content;
  }

  /** Writes at a position of a file that may be new. */
  write(path: string, content: string, flags = O_CREAT | O_TRUNC, position = 0): number | string {
    const fd = this.#g.open(path, O_WRONLY | flags);
    if (fd < 0) return errnoName(-fd);
    const written = this.#g.pwrite(fd, content, position);
    this.#g.close(fd);
    return named(written);
  }

  truncate(path: string, size: number): number | string {
    return named(this.#g.sys(SYS_truncate, path, size));
  }

  unlink(path: string): number | string {
    return named(this.#g.sys(SYS_unlinkat, AT_FDCWD, path, 0));
  }

  rmdir(path: string): number | string {
    return named(this.#g.sys(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
  }

  mkdir(path: string): number | string {
    return named(this.#g.sys(SYS_mkdirat, AT_FDCWD, path, 0o755));
  }

  symlink(target: string, path: string): number | string {
    return named(this.#g.sys(SYS_symlinkat, target, AT_FDCWD, path));
  }

  link(from: string, to: string): number | string {
    return named(this.#g.sys(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
  }

  rename(from: string, to: string): number | string {
    return named(this.#g.sys(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
  }

  readlink(path: string): string {
    const length = this.#g.sys(SYS_readlinkat, AT_FDCWD, path, this.#g.buffer, 4096);
    return length < 0 ? errnoName(-length) : this.#g.text(this.#g.buffer, length);
  }

  stat(path: string, flags = 0): ReturnType<typeof stat.read> | string {
    const error = this.#g.sys(SYS_newfstatat, AT_FDCWD, path, this.#g.buffer, flags);
    return error < 0 ? errnoName(-error) : stat.read(this.#g.user.read(this.#g.buffer, stat.size));
  }

  /** Names in a directory without "." and "..", in order of their bytes. */
  list(path: string): string[] | string {
    const fd = this.#g.open(path, O_RDONLY);
    if (fd < 0) return errnoName(-fd);
    const names: string[] = [];
    for (;;) {
      const length = this.#g.sys(SYS_getdents64, fd, this.#g.buffer, 2000);
      if (length < 0) return errnoName(-length);
      if (length === 0) break;
      const bytes = this.#g.user.read(this.#g.buffer, length);
      for (let at = 0; at < length; at += linuxDirent64.read(bytes, at).d_reclen) {
        const start = at + DIRENT64_NAME;
        names.push(Buffer.from(bytes.subarray(start, bytes.indexOf(0, start))).toString("latin1"));
      }
    }
    this.#g.close(fd);
    return names.filter((name) => name !== "." && name !== "..").sort();
  }

  /** As treeOf. */
  tree(path: string): Record<string, string> {
    const tree: Record<string, string> = {};
    const visit = (at: string, below: string): void => {
      for (const name of this.list(at) as string[]) {
        const here = `${at}/${name}`;
        const shown = below === "" ? name : `${below}/${name}`;
        const target = this.readlink(here);
        if (target !== "EINVAL") tree[shown] = `-> ${target}`;
        else if (Array.isArray(this.list(here)) && this.read(here) === "") {
          tree[shown] = "dir";
          visit(here, shown);
        } else tree[shown] = `file ${this.read(here)}`;
      }
    };
    visit(path, "");
    return tree;
  }
}
