/**
 * Random operations on paths, in the machine over a directory of the host and, by Node, in a copy of that directory: the
 * same results, and at the end the same tree. Truth: the host's own file system (Linux). For the overlay the host's
 * directory must be untouched at the end; for a writable mount it must be the tree.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { O_APPEND, O_CREAT, O_TRUNC } from "../../abi/fcntl.ts";
import { NodeDirectory } from "../../src/host/node-directory.ts";
import { boot } from "./guest.ts";
import { hostTree, Paths, treeOf } from "./host-tree.ts";

const RUNS = Number(process.env.SCANOUT_FUZZ ?? 40);
const SEED = process.env.SCANOUT_SEED === undefined ? {} : { seed: Number(process.env.SCANOUT_SEED) };

/** What both sides can do: a result, or the name of an errno. */
interface Side {
  read(path: string): string;
  write(path: string, content: string, flags: number, position: number): number | string;
  truncate(path: string, size: number): number | string;
  unlink(path: string): number | string;
  rmdir(path: string): number | string;
  mkdir(path: string): number | string;
  symlink(target: string, path: string): number | string;
  link(from: string, to: string): number | string;
  rename(from: string, to: string): number | string;
  readlink(path: string): string;
  list(path: string): string[] | string;
}

const attempt = <T>(work: () => T): T | string => {
  try {
    return work();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code!;
  }
};

/** Node in a directory of the host. Paths begin with a slash. */
const nodeSide = (root: string): Side => {
  const at = (path: string): string => join(root, path);
  const zero = (work: () => void): number | string =>
    attempt(() => {
      work();
      return 0;
    });
  const { O_WRONLY, O_RDONLY } = fs.constants;
  return {
    read: (path) =>
      attempt(() => {
        const fd = fs.openSync(at(path), O_RDONLY);
        try {
          return fs.fstatSync(fd).isDirectory() ? "" : fs.readFileSync(fd, "latin1");
        } finally {
          fs.closeSync(fd);
        }
      }),
    write: (path, content, flags, position) =>
      attempt(() => {
        const fd = fs.openSync(at(path), O_WRONLY | flags);
        try {
          return fs.writeSync(fd, Buffer.from(content), 0, content.length, position);
        } finally {
          fs.closeSync(fd);
        }
      }),
    truncate: (path, size) => zero(() => fs.truncateSync(at(path), size)),
    unlink: (path) => zero(() => fs.unlinkSync(at(path))),
    rmdir: (path) => zero(() => fs.rmdirSync(at(path))),
    mkdir: (path) => zero(() => fs.mkdirSync(at(path))),
    symlink: (target, path) => zero(() => fs.symlinkSync(target, at(path))),
    link: (from, to) => zero(() => fs.linkSync(at(from), at(to))),
    rename: (from, to) => zero(() => fs.renameSync(at(from), at(to))),
    readlink: (path) => attempt(() => fs.readlinkSync(at(path))),
    list: (path) => attempt(() => fs.readdirSync(at(path)).sort()),
  };
};

const name = fc.constantFrom("a", "b", "c", "d");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join("/")}`);
// Targets that are relative and do not climb: what they lead to is the same for both sides.
const target = fc.oneof(
  name,
  fc.tuple(name, name).map((names) => names.join("/")),
);
const content = fc.string({ unit: fc.constantFrom("x", "y", "z"), maxLength: 40 });
const position = fc.constantFrom(0, 1, 10, 4095, 4096, 5000, 9000);
const flags = fc.constantFrom(0, O_CREAT, O_CREAT | O_TRUNC, O_TRUNC, O_CREAT | O_APPEND);

type Step = (side: Side) => unknown;
const shown = (label: string, step: Step): { label: string; step: Step } => ({ label, step });

const step = fc.oneof(
  path.map((p) => shown(`read ${p}`, (s) => s.read(p))),
  path.map((p) => shown(`list ${p}`, (s) => s.list(p))),
  path.map((p) => shown(`unlink ${p}`, (s) => s.unlink(p))),
  path.map((p) => shown(`rmdir ${p}`, (s) => s.rmdir(p))),
  path.map((p) => shown(`mkdir ${p}`, (s) => s.mkdir(p))),
  path.map((p) => shown(`readlink ${p}`, (s) => s.readlink(p))),
  fc.tuple(path, path).map(([p, q]) => shown(`rename ${p} ${q}`, (s) => s.rename(p, q))),
  fc.tuple(path, path).map(([p, q]) => shown(`link ${p} ${q}`, (s) => s.link(p, q))),
  fc.tuple(target, path).map(([t, p]) => shown(`symlink ${t} ${p}`, (s) => s.symlink(t, p))),
  fc.tuple(path, position).map(([p, n]) => shown(`truncate ${p} ${n}`, (s) => s.truncate(p, n))),
  fc
    .tuple(path, content, flags, position)
    .map(([p, c, f, n]) => shown(`write ${p} ${c} ${f} ${n}`, (s) => s.write(p, c, f, n))),
);

/** A tree to begin with: files that fill pages, links good and bad, a file with two names. */
const begin = (): string => {
  const directory = hostTree({
    a: "A".repeat(5000),
    "b/a": "ba",
    "b/c/d": "D".repeat(9000),
    "c/a": "",
    "c/b/a": "cba",
  });
  fs.symlinkSync("b/c", join(directory, "d"));
  fs.symlinkSync("a", join(directory, "b/d"));
  fs.symlinkSync("none", join(directory, "c/d"));
  fs.linkSync(join(directory, "a"), join(directory, "c/c"));
  return directory;
};

const check = async (steps: readonly { label: string; step: Step }[], writable: boolean): Promise<void> => {
  const [model, ours] = [begin(), begin()];
  const before = treeOf(ours);
  const host = new NodeDirectory(ours);
  // The overlay is mounted where the model's root is too: below it there is nothing of the machine's own.
  const { kernel, run } = await boot(writable ? {} : { root: host });
  if (writable) kernel.vfs.mountHost("/m", host, true);
  const reference = nodeSide(model);
  await run((g) => {
    const paths = new Paths(g);
    const at = writable ? "/m" : "";
    const side: Side = {
      read: (p) => paths.read(at + p),
      write: (p, c, f, n) => paths.write(at + p, c, f, n),
      truncate: (p, n) => paths.truncate(at + p, n),
      unlink: (p) => paths.unlink(at + p),
      rmdir: (p) => paths.rmdir(at + p),
      mkdir: (p) => paths.mkdir(at + p),
      symlink: (t, p) => paths.symlink(t, at + p),
      link: (p, q) => paths.link(at + p, at + q),
      rename: (p, q) => paths.rename(at + p, at + q),
      readlink: (p) => paths.readlink(at + p),
      list: (p) => paths.list(at + p),
    };
    for (const { label, step: work } of steps) expect([label, work(side)]).toEqual([label, work(reference)]);
    const own = new Set(["bin", "dev", "etc", "proc", "root", "sys", "tmp"]);
    const tops = (paths.list(at === "" ? "/" : at) as string[]).filter((top) => writable || !own.has(top));
    expect(tops).toEqual(fs.readdirSync(model).sort());
    for (const [p, what] of Object.entries(treeOf(model))) {
      if (what.startsWith("file")) expect([p, `file ${paths.read(`${at}/${p}`)}`]).toEqual([p, what]);
      else if (what === "dir") expect(paths.list(`${at}/${p}`)).toEqual(fs.readdirSync(join(model, p)).sort());
      else expect(`-> ${paths.readlink(`${at}/${p}`)}`).toBe(what);
    }
  });
  expect(treeOf(ours)).toEqual(writable ? treeOf(model) : before);
};

const steps = fc.array(step, { minLength: 5, maxLength: 60 });

test("an overlay behaves as the host's file system would, and leaves it alone", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, (s) => check(s, false)),
    { numRuns: RUNS, ...SEED },
  );
});

test("a writable mount behaves as the host's file system does, and is it", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, (s) => check(s, true)),
    { numRuns: RUNS, ...SEED },
  );
});
