/** Truth: the text of the second seed, and what its port did on Linux 6.12 riscv64. */
import { beforeEach, describe, expect, test } from "vitest";
import { ENOMEM } from "../../abi/errno.ts";
import type { File, ModuleInstance, VmArea, VmFault } from "../../devices/drivers/driver.ts";
import { mmapFault } from "../../devices/drivers/mmap-fault.ts";
import { PAGE_SIZE, VM_DONTDUMP, VM_DONTEXPAND, VM_FAULT_SIGBUS } from "../../devices/drivers/vm.ts";
import { FakeSeedKernel, fakeVma } from "./fake-seed-kernel.ts";

let fake: FakeSeedKernel;
let module: ModuleInstance;

const load = (parameters: Record<string, number> = {}): void => {
  module = mmapFault.create(fake.kernel, { ...mmapFault.parameters, ...parameters });
  expect(module.init()).toBe(0);
};
const open = (): File => fake.open("mmap_example") as File;
const map = (file: File, pages: number): VmArea => {
  const vma = fakeVma(pages);
  expect(fake.ops!.mmap!(file, vma)).toBe(0);
  return vma;
};
const fault = (vma: VmArea, pgoff: number): VmFault & { readonly result: number } => {
  const vmf: VmFault = { vma, address: vma.start + pgoff * PAGE_SIZE, pgoff, flags: 0, page: null };
  return Object.assign(vmf, { result: vma.ops!.fault!(vmf) });
};
/** struct mmap_info { char *data; int reference; } */
const info = (file: File): { readonly data: number; readonly reference: number } => {
  const view = new DataView(fake.read(file.privateData as number, 16).buffer);
  return { data: Number(view.getBigInt64(0, true)), reference: view.getInt32(8, true) };
};

beforeEach(() => {
  fake = new FakeSeedKernel();
});

test("insmod makes the file, rmmod removes it", () => {
  load();
  expect(fake.debugfs).toEqual({ name: "mmap_example", mode: 0o644, unsafe: true });
  module.exit!();
  expect([...fake.held]).toEqual([]);
  load({ unsafe: 0 });
  expect(fake.debugfs).toEqual({ name: "mmap_example", mode: 0o644, unsafe: false });
});

describe("open", () => {
  test("makes a fresh page with the message, and release gives it back", () => {
    load();
    const [first, second] = [open(), open()];
    expect(fake.text(info(first).data)).toBe("hello from kernel this is file: mmap_example");
    expect(info(second).data).not.toBe(info(first).data);
    expect(fake.text(info(second).data)).toBe("hello from kernel this is file: mmap_example");
    for (const file of [first, second]) fake.ops!.release!(file.inode, file);
    expect([...fake.held]).toEqual(["debugfs mmap_example"]);
    expect(first.privateData).toBeNull();
  });

  test.each(["kmalloc", "getZeroedPage"] as const)("is ENOMEM without %s, and nothing stays behind", (failing) => {
    load();
    fake.failing = failing;
    expect(fake.open("mmap_example")).toBe(-ENOMEM);
    expect([...fake.held]).toEqual(["debugfs mmap_example"]);
  });
});

describe("mmap", () => {
  // VM_RESERVED of the seed became VM_DONTEXPAND | VM_DONTDUMP (Linux 3.7).
  test("maps nothing, and marks the mapping", () => {
    load();
    const vma = map(open(), 1);
    expect(fake.remapped).toEqual([]);
    expect(vma.flags).toBe(VM_DONTEXPAND | VM_DONTDUMP);
  });

  // "B after mmap: ref 1", "B in child: ref 2", "B child exited: ref 1"
  test("counts its mappings: mmap's own, and those of vm_ops.open and close", () => {
    load();
    const file = open();
    const vma = map(file, 1);
    expect(info(file).reference).toBe(1);
    vma.ops!.open!(vma);
    expect(info(file).reference).toBe(2);
    vma.ops!.close!(vma);
    expect(info(file).reference).toBe(1);
    expect(fake.text(info(file).data)).toBe("hello from kernel this is file: mmap_example");
  });
});

describe("a fault", () => {
  // "B after mmap: pc0 1", "B read p0: pc0 2"
  test("hands out the page with a reference for the page table", () => {
    load();
    const file = open();
    const page = fake.virtToPage(info(file).data);
    expect(page.refcount).toBe(1);
    const { result, page: given } = fault(map(file, 1), 0);
    expect(result).toBe(0);
    expect(given).toBe(page);
    expect(page.refcount).toBe(2);
  });

  test("past the data is SIGBUS", () => {
    load();
    const { result, page } = fault(map(open(), 2), 1);
    expect(result).toBe(VM_FAULT_SIGBUS);
    expect(page).toBeNull();
    expect(fake.log).toEqual(["invalid address\n"]);
  });
});
