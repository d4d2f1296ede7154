/** prlimit(2), and /proc/<pid>/exe of proc(5). */
import { expect, test } from "vitest";
import { EFAULT, EINVAL, ESRCH } from "../../abi/errno.ts";
import { RLIM_INFINITY, RLIMIT_AS, RLIMIT_NOFILE, RLIMIT_STACK, rlimit } from "../../abi/resource.ts";
import { SYS_prlimit64 } from "../../abi/syscalls.ts";
import { program } from "../../guests/libc.ts";
import { bootTestKernel } from "./boot.ts";
import { ECALL, tinyElf } from "./exec/tiny-elf.ts";

test("limits are told as they are held, and set as setrlimit(2) has it", async () => {
  const { kernel } = await bootTestKernel();
  const results: unknown[] = [];
  const { exited } = kernel.spawn(
    program((c) => {
      const at = c.malloc(rlimit.size);
      const get = (resource: number) => {
        const result = c.user.syscall(SYS_prlimit64, 0, resource, 0, at);
        return result === 0 ? rlimit.read(c.user.read(at, rlimit.size)).rlim_cur : result;
      };
      results.push(get(RLIMIT_STACK), get(RLIMIT_NOFILE), get(RLIMIT_AS), get(16), get(-1));
      c.user.write(at, rlimit.encode({ rlim_cur: 5n, rlim_max: 10n }));
      results.push(c.user.syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, at, 0));
      c.user.write(at, rlimit.encode({ rlim_cur: 11n, rlim_max: 10n }));
      results.push(c.user.syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, at, 0));
      results.push(c.user.syscall(SYS_prlimit64, 999, RLIMIT_NOFILE, 0, at));
      results.push(c.user.syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, 8));
      return 0;
    }),
  );
  expect(await exited).toEqual({ code: 0 });
  expect(results).toEqual([8n << 20n, 1024n, RLIM_INFINITY, -EINVAL, -EINVAL, 0, -EINVAL, -ESRCH, -EFAULT]);
});

test("/proc/<pid>/exe names the program file, and is not there for a TypeScript program", async () => {
  const { kernel } = await bootTestKernel();
  // A loop: c.j 0, twice in a word.
  kernel.vfs.writeFile("/bin/loop", tinyElf([0xa001_a001, ECALL]), 0o755);
  const { pid, exited } = kernel.spawnFile("/bin/loop");
  const read: unknown[] = [];
  const reader = kernel.spawn(
    program(async (c) => {
      const at = c.malloc(128);
      for (const who of [String(pid), "self"]) {
        const path = c.malloc(64);
        c.strcpy(path, `/proc/${who}/exe`);
        // readlinkat(AT_FDCWD, …)
        const length = (await c.syscall(78, -100, path, at, 128)) as number;
        read.push(length < 0 ? c.errno : new TextDecoder().decode(c.user.read(at, length)));
      }
      return 0;
    }),
  );
  expect(await reader.exited).toEqual({ code: 0 });
  expect(read).toEqual(["/bin/loop", 2]);
  kernel.signal(pid, 9);
  expect(await exited).toMatchObject({ signal: 9 });
});
