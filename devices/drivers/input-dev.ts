/**
 * One input device as the input core keeps it (struct input_dev, drivers/input/input.c of Linux 6.12): which events it
 * can have, its state, autorepeat, and who listens. Events that say nothing new go no further.
 */
import { EBUSY, EINVAL } from "../../abi/errno.ts";
import {
  BUS_VIRTUAL,
  EV_ABS,
  EV_KEY,
  EV_LED,
  EV_MSC,
  EV_REL,
  EV_REP,
  EV_SYN,
  type InputAbsinfo,
  SYN_REPORT,
} from "../../abi/input.ts";
import {
  ABS_MAX,
  KEY_MAX,
  LED_MAX,
  REL_MAX,
  REP_DELAY,
  REP_MAX,
  REP_PERIOD,
  SW_MAX,
} from "../../abi/input-event-codes.ts";
import type { InputReport } from "../hardware/input-port.ts";
import type { Kernel, TimerList } from "./driver.ts";

const NS_PER_MS = 1_000_000;
/** input_enable_softrepeat(dev, 250, 33), as keyboards have it. */
const REPEAT_DELAY = 250;
const REPEAT_PERIOD = 33;
/** Bits of each state: one more than the highest code. */
const STATE_BITS = { key: KEY_MAX + 1, led: LED_MAX + 1, sw: SW_MAX + 1 };

/** What a device is. */
export interface InputDevDescription {
  /** EVIOCGNAME, EVIOCGPHYS. */
  readonly name: string;
  readonly phys: string;
  readonly product: number;
  /** Codes by type: what EVIOCGBIT tells. A type that is here has at least one; EV_REP has none. */
  readonly codes: ReadonlyMap<number, readonly number[]>;
  readonly absinfo?: ReadonlyMap<number, InputAbsinfo>;
  readonly properties?: readonly number[];
}

/** Who gets a device's events (struct input_handle). A packet ends with SYN_REPORT. */
export interface InputHandle {
  events(packet: readonly InputReport[]): void;
}

export class InputDev {
  readonly description: InputDevDescription;
  readonly id: { bustype: number; vendor: number; product: number; version: number };
  /** 1 for each key that is down; the same of LEDs and switches. */
  readonly key = new Uint8Array(STATE_BITS.key);
  readonly led = new Uint8Array(STATE_BITS.led);
  readonly sw = new Uint8Array(STATE_BITS.sw);
  readonly abs: Map<number, InputAbsinfo>;
  /** Milliseconds, by REP_DELAY and REP_PERIOD. */
  readonly rep: [number, number];
  readonly #handles = new Set<InputHandle>();
  readonly #repeatTimer: TimerList;
  #grab: InputHandle | null = null;
  #repeatKey = 0;
  #packet: InputReport[] = [];

  constructor(kernel: Kernel, description: InputDevDescription) {
    this.description = description;
    this.id = { bustype: BUS_VIRTUAL, vendor: 0, product: description.product, version: 1 };
    this.abs = new Map([...(description.absinfo ?? [])].map(([code, info]) => [code, { ...info }]));
    this.rep = this.supports(EV_REP) ? [REPEAT_DELAY, REPEAT_PERIOD] : [0, 0];
    this.#repeatTimer = kernel.timerSetup(() => this.#repeat());
  }

  supports(type: number, code?: number): boolean {
    if (type === EV_SYN) return true;
    const codes = this.description.codes.get(type);
    return codes !== undefined && (code === undefined || codes.includes(code));
  }

  open(handle: InputHandle): void {
    this.#handles.add(handle);
  }

  close(handle: InputHandle): void {
    this.#handles.delete(handle);
    if (this.#grab === handle) this.#grab = null;
  }

  /** input_grab_device: from now on only `handle` gets events. 0 or -EBUSY. */
  grab(handle: InputHandle): number {
    if (this.#grab !== null) return -EBUSY;
    this.#grab = handle;
    return 0;
  }

  /** 0, or -EINVAL when somebody else holds it or nobody does. */
  ungrab(handle: InputHandle): number {
    if (this.#grab !== handle) return -EINVAL;
    this.#grab = null;
    return 0;
  }

  /** What the hardware reports (input_event). */
  report(reports: readonly InputReport[]): void {
    for (const report of reports) this.#event(report);
  }

  /** What a program writes (input_inject_event): nothing happens while somebody else has grabbed the device. */
  inject(handle: InputHandle, report: InputReport): void {
    if (this.#grab === null || this.#grab === handle) this.#event(report);
  }

  /** input_handle_event: takes the event into the device's state, and passes on what is complete. */
  #event(report: InputReport): void {
    if (!this.supports(report.type)) return;
    const passed = this.#filter(report);
    if (passed === "ignore") return;
    if (passed === "pass") this.#packet.push(report);
    if (report.type !== EV_SYN || report.code !== SYN_REPORT) return;
    const packet = this.#packet;
    this.#packet = [];
    // A report of nothing is not passed on.
    if (packet.length < 2) return;
    for (const handle of this.#grab === null ? [...this.#handles] : [this.#grab]) handle.events(packet);
  }

  /** input_get_disposition. "device": for the device alone. */
  #filter({ type, code, value }: InputReport): "pass" | "ignore" | "device" {
    switch (type) {
      case EV_SYN:
        return code === SYN_REPORT ? "pass" : "ignore";
      case EV_KEY:
        return this.supports(EV_KEY, code) && this.#keyChanged(code, value) ? "pass" : "ignore";
      case EV_REL:
        return code <= REL_MAX && this.supports(EV_REL, code) && value !== 0 ? "pass" : "ignore";
      case EV_ABS:
        return code <= ABS_MAX && this.#absChanged(code, value) ? "pass" : "ignore";
      case EV_LED:
        if (!this.supports(EV_LED, code) || this.led[code] === (value === 0 ? 0 : 1)) return "ignore";
        this.led[code] = value === 0 ? 0 : 1;
        return "pass";
      case EV_REP:
        if (code > REP_MAX || value < 0 || this.rep[code] === value) return "ignore";
        this.rep[code] = value;
        return "pass";
      case EV_MSC:
        return this.supports(EV_MSC, code) ? "pass" : "ignore";
      default:
        return "ignore";
    }
  }

  #keyChanged(code: number, value: number): boolean {
    // Repeats come through as they are, of a key that is down.
    if (value === 2) return true;
    const down = value === 0 ? 0 : 1;
    if (this.key[code] === down) return false;
    this.key[code] = down;
    if (down) this.#startRepeat(code);
    else this.#repeatTimer.delete();
    return true;
  }

  #absChanged(code: number, value: number): boolean {
    const info = this.abs.get(code);
    if (info === undefined || info.value === value) return false;
    info.value = value;
    return true;
  }

  #startRepeat(code: number): void {
    if (!this.supports(EV_REP) || this.rep[REP_PERIOD] === 0 || this.rep[REP_DELAY] === 0) return;
    this.#repeatKey = code;
    this.#repeatTimer.mod(this.rep[REP_DELAY] * NS_PER_MS);
  }

  /** input_repeat_key: its SYN_REPORT has the value 1. */
  #repeat(): void {
    if (this.key[this.#repeatKey] === 0) return;
    this.#event({ type: EV_KEY, code: this.#repeatKey, value: 2 });
    this.#event({ type: EV_SYN, code: SYN_REPORT, value: 1 });
    if (this.rep[REP_PERIOD] > 0) this.#repeatTimer.mod(this.rep[REP_PERIOD] * NS_PER_MS);
  }
}
