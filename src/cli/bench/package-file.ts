/** Files of this package that are not code. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** `path` below the package's folder, whether this file is the source or its compiled form. */
export const packageFile = (path: string): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`${path}: no package.json above ${fileURLToPath(import.meta.url)}`);
    folder = above;
  }
  return join(folder, path);
};
