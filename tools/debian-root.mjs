/**
 * npm run debian-root -- DIR [packages…]: a root directory of stock riscv64 Debian programs, for `scanout run --root DIR`.
 *
 * The host's apt fetches and checks the packages with a state directory of its own; nothing is installed on the host,
 * and no package's scripts run. What those would have made is made here, as far as programs need it: the links of the
 * merged /usr, /etc/passwd, and links to busybox for commands that no package brings.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SUITE = "trixie";
const ARCHITECTURE = "riscv64";
/** What the tests run. */
const PACKAGES = ["busybox", "dash", "lua5.4", "gzip", "xz-utils", "7zip", "sqlite3", "python3-minimal", "debianutils"];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

const fail = (text) => {
  throw new Error(text);
};

const run = (command, args, options = {}) => {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26, ...options });
  if (result.error !== undefined) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0) fail(`${command} ended with ${result.status}:\n${result.stderr}`);
  return result.stdout;
};

/** The mirror that the host's apt is set up with; DEBIAN_MIRROR names another, as on a host that is not Debian. */
const mirror = () => {
  const { DEBIAN_MIRROR } = process.env;
  if (DEBIAN_MIRROR !== undefined) return DEBIAN_MIRROR;
  const format = "$(REPO_URI)|$(LABEL)";
  const { stdout = "" } = spawnSync("apt-get", ["indextargets", "--format", format, "Identifier: Packages"], {
    encoding: "utf8",
  });
  const found = (stdout ?? "").split("\n").find((line) => line.endsWith("|Debian"));
  if (found === undefined) {
    fail("apt knows no mirror of Debian: run `apt-get update`, or set DEBIAN_MIRROR to the address of one");
  }
  return found.split("|")[0].replace(/\/+$/, "");
};

const aptOptions = (work) => {
  for (const folder of ["state/lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const signedBy = existsSync(KEYRING) ? ` signed-by=${KEYRING}` : "";
  writeFileSync(join(work, "sources.list"), `deb [arch=${ARCHITECTURE}${signedBy}] ${mirror()} ${SUITE} main\n`);
  writeFileSync(join(work, "status"), "");
  const options = {
    "Dir::Etc::sourcelist": join(work, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State": join(work, "state"),
    "Dir::State::status": join(work, "status"),
    "Dir::Cache": join(work, "cache"),
    "APT::Architecture": ARCHITECTURE,
    "APT::Architectures": ARCHITECTURE,
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "",
    "Acquire::Languages": "none",
  };
  return Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
};

/** Directories that are links since the merge of /usr; packages still name some files by the old path. */
const mergeUsr = (root) => {
  for (const name of ["bin", "sbin", "lib"]) {
    const place = join(root, name);
    const merged = join(root, "usr", name);
    mkdirSync(merged, { recursive: true });
    if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) {
      cpSync(place, merged, { recursive: true, verbatimSymlinks: true });
      rmSync(place, { recursive: true });
    }
    if (lstatSync(place, { throwIfNoEntry: false }) === undefined) symlinkSync(`usr/${name}`, place);
  }
};

const writeDefaults = (root) => {
  const defaults = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/hostname": "scanout\n",
  };
  for (const folder of ["etc", "root", "var/tmp"]) mkdirSync(join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(defaults)) {
    if (!existsSync(join(root, name))) writeFileSync(join(root, name), text);
  }
};

/** busybox says itself which commands it has: it runs on the machine that this root is for. */
const linkApplets = (root) => {
  const scanout = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
  if (!existsSync(join(root, "usr/bin/busybox")) || !existsSync(scanout)) return 0;
  const list = run(process.execPath, [scanout, "run", "--root", root, "/usr/bin/busybox", "--list"], {
    timeout: 60_000,
  });
  const taken = new Set(["usr/bin", "usr/sbin"].flatMap((folder) => readdirSync(join(root, folder))));
  const missing = list.split("\n").filter((name) => /^[\w[.+-]+$/.test(name) && !taken.has(name));
  for (const name of missing) symlinkSync("busybox", join(root, "usr/bin", name));
  return missing.length;
};

/** Paths of the packages and of what they depend on. */
const fetchPackages = (work, packages) => {
  const apt = aptOptions(work);
  run("apt-get", [...apt, "-qq", "update"]);
  run("apt-get", [...apt, "-qq", "-y", "--download-only", "install", ...packages]);
  const archives = join(work, "cache/archives");
  const files = readdirSync(archives).filter((name) => name.endsWith(".deb"));
  return files.length === 0 ? fail("apt fetched nothing") : files.map((name) => join(archives, name));
};

const main = ([target, ...asked]) => {
  if (target === undefined || target.startsWith("-")) fail("usage: npm run debian-root -- DIR [packages…]");
  const directory = resolve(target);
  if (existsSync(directory)) fail(`${directory} exists: remove it to make it anew`);
  for (const command of ["apt-get", "dpkg-deb"]) {
    if (spawnSync(command, ["--version"]).error !== undefined) fail(`needs ${command}, of a Debian or Ubuntu host`);
  }
  const work = mkdtempSync(join(tmpdir(), "debian-root-"));
  // What is half done is never where the whole is looked for.
  const root = `${directory}.new`;
  try {
    const files = fetchPackages(work, asked.length > 0 ? asked : PACKAGES);
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    for (const file of files) run("dpkg-deb", ["-x", file, root]);
    mergeUsr(root);
    writeDefaults(root);
    const applets = linkApplets(root);
    renameSync(root, directory);
    const names = files.map((file) => basename(file).split("_")[0]).join(", ");
    process.stdout.write(`${target}: ${files.length} packages (${names}), ${applets} commands of busybox\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
  }
};

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`debian-root: ${error.message}\n`);
  process.exitCode = 1;
}
