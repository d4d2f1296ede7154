/** Truth: errno(3), strerror(3), and glibc 2.36's own answers. */
import { expect, test } from "vitest";
import * as errno from "../../abi/errno.ts";
import { cMissing, runC } from "./c-compiler.ts";

test("the base numbers are those of Unix", () => {
  expect([
    errno.EPERM,
    errno.ENOENT,
    errno.EINTR,
    errno.EIO,
    errno.EBADF,
    errno.ENOMEM,
    errno.EFAULT,
    errno.ENODEV,
    errno.EINVAL,
    errno.ERANGE,
  ]).toEqual([1, 2, 4, 5, 9, 12, 14, 19, 22, 34]);
  expect([errno.ENOSYS, errno.EOVERFLOW, errno.EOPNOTSUPP]).toEqual([38, 75, 95]);
});

test("names and texts", () => {
  expect(errno.errnoName(19)).toBe("ENODEV");
  expect(errno.strerror(19)).toBe("No such device");
  expect(errno.strerror(0)).toBe("Success");
  expect(errno.errnoName(11)).toBe("EAGAIN");
  expect(errno.strerror(4000)).toBe("Unknown error 4000");
  expect(errno.errnoName(512)).toBe("512");
});

const missing = cMissing();
test.skipIf(missing)(`every number, name and text is glibc's${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const ours = Object.entries(errno).flatMap(([name, number]) =>
    /^E[A-Z0-9]+$/.test(name) && typeof number === "number" && number < 512
      ? [`${name} ${number} ${errno.errnoName(number)} ${errno.strerror(number)}`]
      : [],
  );
  const names = ours.map((line) => line.split(" ", 1)[0]);
  const source = `#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
int main(void) {
${names.map((name) => `printf("${name} %d %s %s\\n", ${name}, strerrorname_np(${name}), strerror(${name}));`).join("\n")}
}`;
  expect(ours).toEqual(runC(source).trimEnd().split("\n"));
  expect(names).toHaveLength(131 + 3);
});
