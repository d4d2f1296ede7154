/** What the bundle test runs, in a browser and in Node: the binding, bundled, with the fixture and the machine. */
import { RAM } from "../../../assembly/layout.ts";
import { RAM_BASE, VRAM_BASE } from "../../../assembly/memory-map.ts";
import { bind, bindControl } from "../../../src/control/binding.ts";
import type { MachineSource } from "../../../src/control/source.ts";

const MIB = 0x10_0000;
const bus = { read: () => -1, high: () => 0, write: () => 0 };

const message = (action: () => unknown): string => {
  try {
    return `no error, but ${action()}`;
  } catch (error) {
    return String(error);
  }
};

/** Everything as JSON can carry it. The machine is the one that was bundled with the binding. */
export const exercise = async (fixture: MachineSource) => {
  type Values = Record<string, (...args: unknown[]) => unknown>;
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  const { control: values } = await bind<Values, unknown>(fixture, { env: { memory } });
  const live = values.sharedArray!() as Uint16Array;
  live[5] = 4711;

  const { control, exports } = await bindControl(undefined, bus, (RAM + 16 * MIB) / 0x1_0000);
  exports.reset(16 * MIB, MIB);
  const videoMemory = control.videoMemory();
  exports.store32(VRAM_BASE + 4, 0x0403_0201);
  control.ram()[3] = 99;
  const pixels = control.picture().subarray(0, 16);
  return {
    string: values.echoString!("scan 🖥 out"),
    strings: values.reverseStrings!(["a", "🖥", ""]),
    view: values.sharedAt!(5),
    wrongArgument: message(() => values.echoU8!(256)),
    abort: message(() => values.fail!("on purpose")),
    describe: control.describe(),
    causeName: control.causeName(13),
    videoMemory: [...videoMemory.subarray(4, 8)],
    ram: exports.load8(RAM_BASE + 3),
    // true: no copy on the way to a canvas either
    picture: typeof ImageData === "undefined" ? "none" : new ImageData(pixels, 2, 2).data.buffer === pixels.buffer,
  };
};
