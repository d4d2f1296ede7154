/**
 * Input devices: /dev/input/event0 (keyboard), event1 (tablet or touchscreen), event2 (mouse), and /dev/input/mice. What
 * the hardware reports goes through the input core (input-dev.ts) to everybody who has a node open, and to the handlers
 * of the kernel, like the virtual terminal's keyboard.
 *
 * Not modelled: /dev/input/by-id and by-path, sysfs, /proc/bus/input, joysticks, more than one of each kind.
 */
import { EVDEV_MINOR_BASE, INPUT_MAJOR, MOUSEDEV_MIX } from "../../abi/input.ts";
import type { InputPort } from "../hardware/input-port.ts";
import type { Cdev, FileOperations, Module } from "./driver.ts";
import { evdev } from "./evdev.ts";
import { InputDev, type InputHandle } from "./input-dev.ts";
import { KEYBOARD, MOUSE, TABLET, TOUCHSCREEN } from "./input-devices.ts";
import { mousedev } from "./mousedev.ts";
import { KERN_INFO, MKDEV } from "./vm.ts";

/** All minors of the major (INPUT_MAX_CHAR_DEVICES). */
const MINORS = 1024;

export interface InputPorts {
  readonly keyboard: InputPort;
  readonly pointer: InputPort;
  readonly mouse: InputPort;
}

export interface InputOptions {
  /** What event1 is. Default: "tablet". */
  readonly pointer?: "tablet" | "touchscreen";
  /** A handler in the kernel that gets the keyboard's events too. */
  readonly onKeyboard?: InputHandle;
}

export const input = (ports: InputPorts, options: InputOptions = {}): Module => ({
  name: "input",

  create(kernel) {
    const cdevs: Cdev[] = [];
    const region = MKDEV(INPUT_MAJOR, 0);

    const add = (name: string, minor: number, mode: number, ops: FileOperations): void => {
      const dev = MKDEV(INPUT_MAJOR, minor);
      const cdev = kernel.cdevInit(ops);
      kernel.cdevAdd(cdev, dev, 1);
      kernel.deviceCreate(`input/${name}`, dev, mode);
      cdevs.push(cdev);
    };

    const init = (): number => {
      const error = kernel.registerChrdevRegion(region, MINORS, "input");
      if (error < 0) return error;
      const tablet = options.pointer === "touchscreen" ? TOUCHSCREEN : TABLET;
      const [keyboard, pointer, mouse] = [KEYBOARD, tablet, MOUSE].map((one) => new InputDev(kernel, one));
      if (options.onKeyboard !== undefined) keyboard!.open(options.onKeyboard);
      for (const [number, [device, port]] of [
        [keyboard!, ports.keyboard] as const,
        [pointer!, ports.pointer] as const,
        [mouse!, ports.mouse] as const,
      ].entries()) {
        port.attach((reports) => device.report(reports));
        add(`event${number}`, EVDEV_MINOR_BASE + number, 0o600, evdev(kernel, device));
        kernel.printk(`${KERN_INFO}input: ${device.description.name} as /devices/virtual/input/input${number}\n`);
      }
      add("mice", MOUSEDEV_MIX, 0o600, mousedev(kernel, [pointer!, mouse!]));
      return 0;
    };

    const exit = (): void => {
      for (const port of Object.values(ports) as InputPort[]) port.attach(() => {});
      for (const cdev of cdevs) {
        kernel.deviceDestroy(cdev.dev);
        kernel.cdevDel(cdev);
      }
      kernel.unregisterChrdevRegion(region, MINORS);
    };

    return { init, exit };
  },
});
