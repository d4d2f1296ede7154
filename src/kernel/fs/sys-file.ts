/** System calls on files, by number. */
import type { SystemCall } from "../core.ts";
import { adviceSystemCalls } from "./sys-file-advice.ts";
import { attributeSystemCalls } from "./sys-file-attributes.ts";
import { copySystemCalls } from "./sys-file-copy.ts";
import { directorySystemCalls } from "./sys-file-directory.ts";
import { ioSystemCalls } from "./sys-file-io.ts";
import { lockSystemCalls } from "./sys-file-lock.ts";
import { memfdSystemCalls } from "./sys-file-memfd.ts";
import { descriptorSystemCalls } from "./sys-file-open.ts";
import { pollSystemCalls } from "./sys-file-poll.ts";
import { selectSystemCalls } from "./sys-file-select.ts";
import { statSystemCalls } from "./sys-file-stat.ts";
import { statxSystemCalls } from "./sys-file-statx.ts";
import { treeSystemCalls } from "./sys-file-tree.ts";

export const fileSystemCalls: Readonly<Record<number, SystemCall>> = {
  ...ioSystemCalls,
  ...descriptorSystemCalls,
  ...statSystemCalls,
  ...attributeSystemCalls,
  ...treeSystemCalls,
  ...directorySystemCalls,
  ...pollSystemCalls,
  ...lockSystemCalls,
  ...selectSystemCalls,
  ...statxSystemCalls,
  ...adviceSystemCalls,
  ...copySystemCalls,
  ...memfdSystemCalls,
};
