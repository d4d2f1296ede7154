/** The machine's keyboard, pointer and mouse, as the host works them. */
import { EV_ABS, EV_KEY, EV_REL, EV_SYN, SYN_REPORT } from "../../abi/input.ts";
import {
  ABS_X,
  ABS_Y,
  BTN_EXTRA,
  BTN_LEFT,
  BTN_MIDDLE,
  BTN_MISC,
  BTN_RIGHT,
  BTN_SIDE,
  BTN_TOUCH,
  KEY_RESERVED,
  REL_HWHEEL,
  REL_WHEEL,
  REL_X,
  REL_Y,
} from "../../abi/input-event-codes.ts";
import { ABS_LAST } from "../../devices/drivers/input-devices.ts";
import { InputPort, type InputReport } from "../../devices/hardware/input-port.ts";
import { KEY_CODES } from "./key-codes.ts";

/** Where the pointer is, and what is pressed there. */
export interface PointerState {
  /** From 0, the picture's left or upper edge, to 1, the other one; what lies outside counts as the edge. */
  readonly x: number;
  readonly y: number;
  /** As MouseEvent.buttons has it: 1 left (or the finger), 2 right, 4 middle, 8 back, 16 forward. Default 0. */
  readonly buttons?: number;
}

/** In the order of MouseEvent.buttons. */
const BUTTONS = [BTN_LEFT, BTN_RIGHT, BTN_MIDDLE, BTN_SIDE, BTN_EXTRA];

export class InputDevices {
  readonly keyboard = new InputPort();
  readonly pointerPort = new InputPort();
  readonly mouse = new InputPort();
  /** Is event1 a touchscreen, which has BTN_TOUCH in the place of buttons? */
  readonly isTouchscreen: boolean;
  /**
   * May more come? While it may, programs that wait for input and nothing else go on waiting; when not, they are ended.
   * Who works the devices sets it before the programs start.
   */
  isOpen = false;

  constructor(isTouchscreen = false) {
    this.isTouchscreen = isTouchscreen;
  }

  /**
   * Presses or releases a key: a KeyboardEvent.code ("KeyA", "ArrowUp"), or a number of abi/input-event-codes.ts. The
   * machine repeats a key that is held by itself: a second "down" does nothing.
   * @throws RangeError for a key that the machine's keyboard has not.
   */
  key(key: string | number, state: "down" | "up"): void {
    const code = typeof key === "number" ? key : Object.hasOwn(KEY_CODES, key) ? KEY_CODES[key]! : KEY_RESERVED;
    if (!(Number.isInteger(code) && code > KEY_RESERVED && code < BTN_MISC)) {
      throw new RangeError(`the keyboard has no key ${JSON.stringify(key)}`);
    }
    report(this.keyboard, [{ type: EV_KEY, code, value: state === "down" ? 1 : 0 }]);
  }

  /** Moves the pointer to a place in the picture, with these buttons pressed. @throws RangeError for what is no number. */
  pointer({ x, y, buttons = 0 }: PointerState): void {
    const place = [
      { type: EV_ABS, code: ABS_X, value: onAxis("x", x) },
      { type: EV_ABS, code: ABS_Y, value: onAxis("y", y) },
    ];
    const pressed = this.isTouchscreen
      ? [{ type: EV_KEY, code: BTN_TOUCH, value: buttons & 1 }]
      : BUTTONS.map((code, i) => ({ type: EV_KEY, code, value: (buttons >> i) & 1 }));
    report(this.pointerPort, [...place, ...pressed]);
  }

  /** Moves the mouse, in its own steps: to the right and down is positive. `buttons` as the pointer's. */
  move(dx: number, dy: number, buttons?: number): void {
    const pressed = BUTTONS.map((code, i) => ({ type: EV_KEY, code, value: ((buttons ?? 0) >> i) & 1 }));
    report(this.mouse, [
      { type: EV_REL, code: REL_X, value: steps("dx", dx) },
      { type: EV_REL, code: REL_Y, value: steps("dy", dy) },
      ...(buttons === undefined ? [] : pressed),
    ]);
  }

  /** Turns the mouse's wheels by notches: to the right and down (towards the user) is positive, as in a browser. */
  wheel(dx: number, dy: number): void {
    report(this.mouse, [
      { type: EV_REL, code: REL_HWHEEL, value: steps("dx", dx) },
      { type: EV_REL, code: REL_WHEEL, value: steps("dy", -dy) },
    ]);
  }
}

/** What a device sends at once ends with a SYN_REPORT. */
const report = (port: InputPort, reports: readonly InputReport[]): void =>
  port.report([...reports, { type: EV_SYN, code: SYN_REPORT, value: 0 }]);

const finite = (name: string, value: number): number => {
  if (!Number.isFinite(value)) throw new RangeError(`${name}: ${value} is not a number`);
  return value;
};

const onAxis = (name: string, value: number): number =>
  Math.round(Math.min(Math.max(finite(name, value), 0), 1) * ABS_LAST);

/** To a whole number that an event can hold. */
const steps = (name: string, value: number): number =>
  Math.min(Math.max(Math.round(finite(name, value)), -0x8000_0000), 0x7fff_ffff);
