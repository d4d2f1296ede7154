/** docs/syscalls.md as text. */
import { type SystemCallEntry, systemCallTable } from "../src/kernel/syscall-table.ts";

const supportOf = ({ call, missing }: SystemCallEntry): string =>
  call === null ? "ENOSYS" : missing === null ? "full" : `partial: ${missing}`;

/** A table whose columns are as wide as their widest cell, as the formatter of Markdown has it. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head!), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
};

export const syscallsPage = (): string => {
  const there = systemCallTable.filter(({ call }) => call !== null);
  const partial = there.filter(({ missing }) => missing !== null);
  const rows = systemCallTable.map((entry) => [String(entry.nr), entry.name, supportOf(entry)]);
  return `# System calls

Made from \`src/kernel/syscall-table.ts\` by \`npm run docs:syscalls\`; a test fails when it is stale.

Numbers and names are those of Linux 6.12 on riscv64: ${systemCallTable.length}, of which ${there.length} are there,
${partial.length} of them in part. **full** means: what its manual page says, as far as a machine with one user, one hart
and no network can tell. A number that is not there, and one that Linux does not know, answers ENOSYS.

${table([["number", "name", "support"], ...rows])}
`;
};
