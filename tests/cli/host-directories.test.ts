/** --root, --mount, --env and --cwd on the command line. Truth: the README's section "Stock programs", and the host's files. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostTree } from "../kernel/host-tree.ts";
import { scanout } from "./scanout.ts";

/** Prints its directory, a file and its environment, then writes the file. */
const GUEST = `
export default async (user) => {
  const bytes = (text) => new TextEncoder().encode(text);
  const page = user.syscall(222, 0, 8192, 3, 0x22, -1, 0);
  const path = (text) => { user.write(page, bytes(text + "\\0")); return page; };
  const fd = user.syscall(56, -100, path("file"), 0, 0);
  const length = fd < 0 ? 0 : user.syscall(63, fd, page + 4096, 4096);
  const said = new TextDecoder().decode(user.read(page + 4096, length));
  const out = user.syscall(56, -100, path("file"), 0o1001, 0);
  const written = out < 0 ? out : (user.write(page, bytes("guest")), user.syscall(64, out, page, 5));
  const line = bytes([said, written, user.env.COLOUR].join("|") + "\\n");
  user.write(page, line);
  user.syscall(64, 1, page, line.length);
  return 0;
};
`;

const withGuest = (): { directory: string; guest: string; file: string } => {
  const directory = hostTree({ "shared/file": "host!" });
  const guest = join(directory, "guest.mjs");
  writeFileSync(guest, GUEST);
  return { directory, guest, file: join(directory, "shared/file") };
};

test("--mount is read-only unless it says rw", () => {
  const { directory, guest, file } = withGuest();
  const run = (mode: string) =>
    scanout([
      "run",
      "--mount",
      `${directory}/shared:/deep/place${mode}`,
      "--cwd",
      "/deep/place",
      "--env",
      "COLOUR=red",
      guest,
    ]);
  // EROFS is 30.
  expect(run("")).toEqual({ code: 0, stdout: "host!|-30|red\n", stderr: "" });
  expect(run(":ro").stdout).toBe("host!|-30|red\n");
  expect(readFileSync(file, "utf8")).toBe("host!");
  expect(run(":rw")).toEqual({ code: 0, stdout: "host!|5|red\n", stderr: "" });
  expect(readFileSync(file, "utf8")).toBe("guest");
});

test("--root is the machine's /, and keeps what the guest writes to itself", () => {
  const { directory, file } = withGuest();
  const { code, stdout } = scanout(
    ["run", "--root", directory, "--cwd", "/shared", "--env", "COLOUR=a=b", "./guest.mjs"],
    {
      cwd: directory,
    },
  );
  // A file of the host's, by a relative path, is still a guest; one from "/" would be the machine's.
  expect({ code, stdout }).toEqual({ code: 0, stdout: "host!|5|a=b\n" });
  expect(readFileSync(file, "utf8")).toBe("host!");
});

test.each([
  [["--root", "/no/such", "x"], "--root /no/such: no such directory: /no/such"],
  [["--mount", "/no/such:/mnt", "plasma"], "--mount /no/such: no such directory: /no/such"],
  [["--mount", "/tmp", "plasma"], "--mount /tmp: expected HOST:GUEST, HOST:GUEST:ro or HOST:GUEST:rw"],
  [["--env", "=x", "plasma"], "--env =x: expected NAME=VALUE"],
  [["--cwd", "/no/such", "plasma"], "--cwd /no/such: no such directory"],
  [["--root", "/tmp", "no-such-program"], 'no program "no-such-program" in the root directory\'s PATH'],
  [["--root", "/tmp", "/no/such/program"], "cannot execute /no/such/program: No such file or directory (ENOENT)"],
])("%j: one line that names it, exit code 2", (args, message) => {
  const { code, stdout, stderr } = scanout(["run", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.startsWith(`scanout: ${message}`)).toBe(true);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
