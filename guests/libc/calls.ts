/** System calls as C makes them: a failure is -1, and errno says why (syscall(2), errno(3)). */
import { MAX_ERRNO } from "../../abi/errno.ts";
import type { User } from "../../abi/program.ts";

/** What a call gives that may sleep: `await` it. When it did not sleep, the number is there already. */
export type MaySleep<T> = T | Promise<T>;

export class SystemCalls {
  readonly user: User;
  /** Why the last call that failed did so; a call that succeeds leaves it alone. */
  errno = 0;

  constructor(user: User) {
    this.user = user;
  }

  /** A call that the kernel answers at once. */
  call(nr: number, ...args: number[]): number {
    const result = this.user.syscall(nr, ...args);
    if (typeof result !== "number") throw new Error(`assert: system call ${nr} slept`);
    return this.checked(result);
  }

  /** A call that may sleep. */
  wait(nr: number, ...args: number[]): MaySleep<number> {
    const result = this.user.syscall(nr, ...args);
    if (typeof result === "number") return this.checked(result);
    return result.then((late) => this.checked(late));
  }

  /** Sets errno and gives -1. */
  fail(errno: number): -1 {
    this.errno = errno;
    return -1;
  }

  /** What the kernel returned, as C returns it. */
  checked(result: number): number {
    return result < 0 && result >= -MAX_ERRNO ? this.fail(-result) : result;
  }
}

/** `use` of the result: now, or when the call that slept returns. */
export function after<T, R>(result: MaySleep<T>, use: (result: T) => R): MaySleep<Awaited<R>> {
  return result instanceof Promise ? (result.then(use) as Promise<Awaited<R>>) : (use(result) as MaySleep<Awaited<R>>);
}
