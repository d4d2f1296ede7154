/** The machine's keyboard, tablet and mouse, as EVIOCGNAME, EVIOCGBIT and EVIOCGABS describe them. */
import { EV_ABS, EV_KEY, EV_LED, EV_REL, EV_REP } from "../../abi/input.ts";
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
  INPUT_PROP_DIRECT,
  KEY_ESC,
  LED_CAPSL,
  LED_NUML,
  LED_SCROLLL,
  REL_HWHEEL,
  REL_WHEEL,
  REL_X,
  REL_Y,
} from "../../abi/input-event-codes.ts";
import type { InputDevDescription } from "./input-dev.ts";

/** An absolute axis goes from 0 to this. */
export const ABS_LAST = 0x7fff;

const axis = { value: 0, minimum: 0, maximum: ABS_LAST, fuzz: 0, flat: 0, resolution: 0 };
const axes = new Map([
  [ABS_X, axis],
  [ABS_Y, axis],
]);

/** event0. It has all keys below the buttons: which of them the host's keyboard has, nobody knows. */
export const KEYBOARD: InputDevDescription = {
  name: "Scanout Keyboard",
  phys: "scanout/input0",
  product: 1,
  codes: new Map<number, number[]>([
    [EV_KEY, Array.from({ length: BTN_MISC - KEY_ESC }, (_, i) => KEY_ESC + i)],
    [EV_LED, [LED_NUML, LED_CAPSL, LED_SCROLLL]],
    [EV_REP, []],
  ]),
};

/** event1: a place on the screen, and buttons. */
export const TABLET: InputDevDescription = {
  name: "Scanout Tablet",
  phys: "scanout/input1",
  product: 2,
  codes: new Map([
    [EV_KEY, [BTN_LEFT, BTN_RIGHT, BTN_MIDDLE, BTN_SIDE, BTN_EXTRA]],
    [EV_ABS, [ABS_X, ABS_Y]],
  ]),
  absinfo: axes,
};

/** event1 in its place: a finger on the screen. */
export const TOUCHSCREEN: InputDevDescription = {
  name: "Scanout Touchscreen",
  phys: "scanout/input1",
  product: 3,
  codes: new Map([
    [EV_KEY, [BTN_TOUCH]],
    [EV_ABS, [ABS_X, ABS_Y]],
  ]),
  absinfo: axes,
  properties: [INPUT_PROP_DIRECT],
};

/** event2: ways, and a wheel for each direction. */
export const MOUSE: InputDevDescription = {
  name: "Scanout Mouse",
  phys: "scanout/input2",
  product: 4,
  codes: new Map([
    [EV_KEY, [BTN_LEFT, BTN_RIGHT, BTN_MIDDLE, BTN_SIDE, BTN_EXTRA]],
    [EV_REL, [REL_X, REL_Y, REL_HWHEEL, REL_WHEEL]],
  ]),
};
