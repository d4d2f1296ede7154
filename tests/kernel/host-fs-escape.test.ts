/**
 * No path leaves a directory of the host. Truth: path_resolution(7) ("..", absolute links: from the process's root), and
 * a secret beside the directory that nobody may read, in a machine's own ways and by a host that helps.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { EINVAL, ENOENT, ENOTDIR } from "../../abi/errno.ts";
import { O_CREAT, O_RDWR } from "../../abi/fcntl.ts";
import { NodeDirectory } from "../../src/host/node-directory.ts";
import { boot } from "./guest.ts";
import { hostTree, Paths } from "./host-tree.ts";

/** A directory "inside" and, beside it, a secret. */
const withSecret = (): { inside: string; outside: string; secret: string } => {
  const outside = hostTree({ secret: "SECRET", "inside/own": "own", "inside/d/f": "f" });
  return { outside, inside: join(outside, "inside"), secret: join(outside, "secret") };
};

const HOPS = "../".repeat(30);

describe.each(["root", "ro", "rw"] as const)("%s", (how) => {
  const enter = async (inside: string, main: (p: Paths, at: string) => void): Promise<void> => {
    const directory = new NodeDirectory(inside);
    const { kernel, run } = await boot(how === "root" ? { root: directory } : {});
    if (how !== "root") kernel.vfs.mountHost("/mnt", directory, how === "rw");
    await run((g) => main(new Paths(g), how === "root" ? "" : "/mnt"));
  };

  test("dots lead to the machine's root at most", async () => {
    const { inside, secret } = withSecret();
    await enter(inside, (p, at) => {
      for (const path of [`${at}/../secret`, `${at}/${HOPS}secret`, `${at}/d/../../secret`, `${at}/${HOPS}${secret}`]) {
        expect(p.read(path)).toBe("ENOENT");
      }
      expect(p.read(`${at}/d/../own`)).toBe("own");
    });
  });

  test("symbolic links are the machine's: absolute ones from its root, relative ones never above it", async () => {
    const { inside, secret, outside } = withSecret();
    symlinkSync(secret, join(inside, "absolute"));
    symlinkSync("../secret", join(inside, "relative"));
    symlinkSync(`${HOPS}${secret}`, join(inside, "far"));
    symlinkSync("..", join(inside, "up"));
    symlinkSync(outside, join(inside, "directory"));
    symlinkSync("own", join(inside, "fine"));
    await enter(inside, (p, at) => {
      expect(p.readlink(`${at}/absolute`)).toBe(secret);
      for (const name of ["absolute", "relative", "far", "up/secret", "directory/secret", "directory"]) {
        expect(p.read(`${at}/${name}`)).toBe("ENOENT");
      }
      expect(p.read(`${at}/fine`)).toBe("own");
      if (how !== "rw") return;
      // Nor does writing: what is made through the link is made in the machine.
      expect(p.write(`${at}/absolute`, "overwritten")).toBe("ENOENT");
      p.write(`${at}/relative`, "overwritten");
      expect(p.mkdir(`${at}/directory/made`)).toBe("ENOENT");
      expect(p.rename(`${at}/own`, `${at}/up/own`)).toBe("EXDEV");
    });
    expect(readFileSync(secret, "utf8")).toBe("SECRET");
  });

  test("a directory that the host swaps for a link under the machine's eyes", async () => {
    const { inside, outside, secret } = withSecret();
    mkdirSync(join(outside, "evil"));
    writeFileSync(join(outside, "evil/f"), "SECRET");
    await enter(inside, (p, at) => {
      // The tree knows the directory and the file by now.
      expect(p.read(`${at}/d/f`)).toBe("f");
      renameSync(join(inside, "d"), join(inside, "old"));
      symlinkSync("../evil", join(inside, "d"));
      for (const name of ["d/f", "d/g"]) expect(p.read(`${at}/${name}`)).not.toContain("SECRET");
      p.write(`${at}/d/f`, "overwritten");
      p.write(`${at}/d/new`, "new");
      p.unlink(`${at}/d/f`);
      // A file that becomes a link.
      expect(p.stat(`${at}/own`)).toMatchObject({ st_size: 3 });
      rmSync(join(inside, "own"));
      symlinkSync(secret, join(inside, "own"));
      expect(p.read(`${at}/own`)).not.toContain("SECRET");
      p.write(`${at}/own`, "overwritten");
    });
    expect(readFileSync(join(outside, "evil/f"), "utf8")).toBe("SECRET");
    expect(readFileSync(secret, "utf8")).toBe("SECRET");
    expect(execFileSync("ls", [join(outside, "evil")], { encoding: "utf8" })).toBe("f\n");
  });
});

test("the host's side refuses names that are no names, whoever asks", () => {
  const { inside } = withSecret();
  const directory = new NodeDirectory(inside);
  for (const name of ["..", ".", "", "a/b", "../secret", "own\0", "/etc"]) {
    for (const path of [[name], [name, "f"], ["d", name]]) {
      expect(directory.lstat(path)).toBe(-EINVAL);
      expect(directory.open(path, true)).toBe(-EINVAL);
      expect(directory.create(path, 0o644)).toBe(-EINVAL);
      expect(directory.unlink(path)).toBe(-EINVAL);
      expect(directory.rename(["own"], path)).toBe(-EINVAL);
      expect(directory.symlink(path, "x")).toBe(-EINVAL);
    }
  }
});

test("a link in the middle of a path is not a directory to the host's side", () => {
  const { inside, outside } = withSecret();
  symlinkSync("d", join(inside, "inner"));
  symlinkSync(outside, join(inside, "outer"));
  const directory = new NodeDirectory(inside);
  expect([-ENOENT, -ENOTDIR]).toContain(directory.lstat(["inner", "f"]));
  expect([-ENOENT, -ENOTDIR]).toContain(directory.open(["outer", "secret"], false));
  expect([-ENOENT, -ENOTDIR]).toContain(directory.list(["outer"]));
  expect([-ENOENT, -ENOTDIR]).toContain(directory.list(["outer", basename(inside)]));
});

test("a FIFO or a device of the host is never opened", async () => {
  const { inside } = withSecret();
  execFileSync("mkfifo", [join(inside, "fifo")]);
  const { run } = await boot({ root: new NodeDirectory(inside) });
  await run((g) => {
    // "ENXIO": as long as FIFOs in a directory are not modelled.
    expect(g.open("/fifo", O_RDWR)).toBe(-6);
    expect(new Paths(g).stat("/fifo")).toMatchObject({ st_size: 0 });
  });
  expect(new NodeDirectory(inside).open(["fifo"], false)).toBe(-EINVAL);
  expect(new NodeDirectory(inside).open(["d"], false)).toBe(-EINVAL);
});

test("three hundred files of the host are open at once", async () => {
  const { inside } = withSecret();
  for (let i = 0; i < 300; i++) writeFileSync(join(inside, `f${i}`), String(i));
  const { run } = await boot({ root: new NodeDirectory(inside) });
  await run((g) => {
    for (let i = 0; i < 300; i++) expect(g.open(`/f${i}`, O_CREAT | O_RDWR)).toBeGreaterThan(2);
  });
});
