/**
 * Writes build/as-bind.js: as-bind's runtime as the package ships it, behind the notices its licences ask for. So
 * as-bind stays a devDependency; as a dependency it would install an old AssemblyScript compiler with every copy of
 * this package.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";

const root = new URL("../", import.meta.url);
const packageRoot = new URL("node_modules/as-bind/", root);
const read = (name) => readFile(new URL(name, packageRoot), "utf8");

const { name, version } = JSON.parse(await read("package.json"));
const license = (await read("LICENSE")).trim();
const runtime = await read("dist/as-bind.esm.js");
if (/\bimport\b\s*[{("'*]/.test(runtime))
  throw new Error(`${name} ${version} imports something: it needs a bundler now`);

const banner = `/*!
 * ${name} ${version}, dist/as-bind.esm.js, unmodified.
 *
 * It contains the AssemblyScript loader (@assemblyscript/loader 0.19, Apache License 2.0,
 * https://www.apache.org/licenses/LICENSE-2.0), Copyright The AssemblyScript Authors.
 *
${license.replace(/^/gm, " * ").replace(/ +$/gm, "")}
 */
`;
await mkdir(new URL("build/", root), { recursive: true });
await writeFile(new URL("build/as-bind.js", root), banner + runtime);
