/** A look into the machine: page faults. And what a program writes last, which a consumer must still get. */
import { expect, it } from "vitest";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../abi/mman.ts";
import { program } from "../../guests/libc.ts";
import { createMachine, type PageFaultInfo } from "../../src/index.ts";

const PAGE = 4096;

it("a page fault is told with its access, address, mapping and what became of it", async () => {
  await using machine = await createMachine();
  const seen: PageFaultInfo[] = [];
  const stop = machine.inspect.faults((fault) => seen.push(fault));
  let at = 0;
  const main = program(async (c) => {
    at = c.mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // do_anonymous_page (mm/memory.c): a read maps the zero page, a write a page of its own; do_wp_page copies.
    c.user.load8(at);
    c.user.store8(at, 1);
    c.user.store8(at + PAGE + 5, 1);
    // There now, so no fault.
    c.user.store8(at + PAGE + 6, 1);
    c.user.load8(8);
    return 0;
  });
  const { exited } = machine.spawn(main);
  await machine.run();
  expect(await exited).toMatchObject({ signal: 11, address: 8 });
  const mapping = "";
  expect(seen.filter(({ address }) => address === 8 || (at > 0 && address >= at && address < at + 3 * PAGE))).toEqual([
    { access: "load", address: at, mapping, kind: "zero page" },
    { access: "store", address: at, mapping, kind: "copy on write" },
    { access: "store", address: at + PAGE, mapping, kind: "new page" },
    { access: "load", address: 8, mapping: null, kind: "no mapping" },
  ]);
  stop();
  const count = seen.length;
  machine.spawn(main);
  await machine.run();
  expect(seen.length).toBe(count);
});

it("what a TypeScript program writes right before its end comes to stdout, though a frame was the budget", async () => {
  await using machine = await createMachine();
  let text = "";
  const decoder = new TextDecoder();
  machine.spawn(
    program(async (c) => {
      await c.puts("the last words");
      return 0;
    }),
    [],
    { stdout: (bytes) => (text += decoder.decode(bytes)) },
  );
  expect((await machine.run({ frames: 1 })).ended).toBe("exited");
  expect(text).toBe("the last words\n");
});
