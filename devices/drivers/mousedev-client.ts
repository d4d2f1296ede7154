/** One open file of /dev/input/mice: the PS/2 mouse that it emulates (struct mousedev_client of mousedev.c). */

/** CONFIG_INPUT_MOUSEDEV_SCREEN_{X,Y}: a tablet's way across is so many steps of the mouse. */
export const SCREEN_X = 1024;
export const SCREEN_Y = 768;

/** What moved since the last report. A place wins over a way; y grows upwards. */
export interface MousePacket {
  dx: number;
  dy: number;
  dz: number;
  x: number;
  y: number;
  isAbsolute: boolean;
}

const PACKET_QUEUE_LEN = 16;
/** What turns a PS/2 mouse into one with a wheel, and into one with five buttons. */
const IMPS_SEQUENCE = [0xf3, 200, 0xf3, 100, 0xf3, 80];
const IMEX_SEQUENCE = [0xf3, 200, 0xf3, 200, 0xf3, 80];
const ACKNOWLEDGE = 0xfa;

/** Its value is the answer to "get ID". */
const PS2 = 0;
const IMPS = 3;
const EXPS = 4;

interface Motion {
  dx: number;
  dy: number;
  dz: number;
  buttons: number;
}

const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

export class MouseClient {
  #mode = PS2;
  #impsAt = 0;
  #imexAt = 0;
  /** Motion that was not read, the oldest first; never empty. */
  readonly #motions: Motion[] = [{ dx: 0, dy: 0, dz: 0, buttons: 0 }];
  #ready = false;
  #lastButtons = 0;
  #x = SCREEN_X / 2;
  #y = SCREEN_Y / 2;
  /** Bytes of a packet or an answer that are being read. */
  #bytes = new Uint8Array(0);

  get isReady(): boolean {
    return this.#ready || this.#bytes.length > 0;
  }

  /** mousedev_notify_readers. True: there is something to read. */
  moved(packet: MousePacket, buttons: number): boolean {
    let motion = this.#motions.at(-1)!;
    if (this.#ready && motion.buttons !== buttons && this.#motions.length < PACKET_QUEUE_LEN) {
      motion = { dx: 0, dy: 0, dz: 0, buttons: 0 };
      this.#motions.push(motion);
    }
    if (packet.isAbsolute) {
      motion.dx += packet.x - this.#x;
      motion.dy += packet.y - this.#y;
      this.#x = packet.x;
      this.#y = packet.y;
    }
    this.#x = Math.min(Math.max(this.#x + packet.dx, 0), SCREEN_X);
    this.#y = Math.min(Math.max(this.#y + packet.dy, 0), SCREEN_Y);
    motion.dx += packet.dx;
    motion.dy += packet.dy;
    motion.dz += packet.dz;
    motion.buttons = buttons;
    if (motion.dx !== 0 || motion.dy !== 0 || motion.dz !== 0 || buttons !== this.#lastButtons) this.#ready = true;
    return this.#ready;
  }

  /** At most `count` bytes of one packet or answer. */
  read(count: number): Uint8Array {
    if (this.#bytes.length === 0 && this.#ready) this.#bytes = this.#packet();
    const bytes = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(bytes.length);
    return bytes;
  }

  /** A byte that the program sends to the mouse. */
  command(byte: number): void {
    this.#imexAt = byte === IMEX_SEQUENCE[this.#imexAt] ? this.#imexAt + 1 : 0;
    if (this.#imexAt === IMEX_SEQUENCE.length) {
      this.#imexAt = 0;
      this.#mode = EXPS;
    }
    this.#impsAt = byte === IMPS_SEQUENCE[this.#impsAt] ? this.#impsAt + 1 : 0;
    if (this.#impsAt === IMPS_SEQUENCE.length) {
      this.#impsAt = 0;
      this.#mode = IMPS;
    }
    this.#bytes = Uint8Array.of(ACKNOWLEDGE, ...this.#answer(byte));
  }

  /** mousedev_generate_response. */
  #answer(byte: number): readonly number[] | Uint8Array {
    switch (byte) {
      case 0xeb:
        return this.#packet();
      case 0xf2:
        return [this.#mode];
      case 0xe9:
        return [0x60, 3, 200];
      case 0xff:
        this.#impsAt = 0;
        this.#imexAt = 0;
        this.#mode = PS2;
        return [0xaa, 0x00];
      default:
        return [];
    }
  }

  /** mousedev_packet: motion goes out in steps that fit a byte. */
  #packet(): Uint8Array<ArrayBuffer> {
    const motion = this.#motions[0]!;
    const signs = (motion.dx < 0 ? 0x10 : 0) | (motion.dy < 0 ? 0x20 : 0);
    const [dx, dy] = [clamp(motion.dx, 127), clamp(motion.dy, 127)];
    motion.dx -= dx;
    motion.dy -= dy;
    const bytes = [0x08 | signs | (motion.buttons & 0x07), dx, dy];
    if (this.#mode === EXPS) {
      const dz = clamp(motion.dz, 7);
      motion.dz -= dz;
      bytes.push((dz & 0x0f) | ((motion.buttons & 0x18) << 1));
    } else {
      // The side buttons stand in for the right and the middle one.
      bytes[0]! |= ((motion.buttons & 0x10) >> 3) | ((motion.buttons & 0x08) >> 1);
      const dz = this.#mode === IMPS ? clamp(motion.dz, 127) : motion.dz;
      motion.dz -= dz;
      if (this.#mode === IMPS) bytes.push(dz);
    }
    if (motion.dx === 0 && motion.dy === 0 && motion.dz === 0) {
      if (this.#motions.length > 1) this.#motions.shift();
      else {
        this.#ready = false;
        this.#lastButtons = motion.buttons;
      }
    }
    return Uint8Array.from(bytes, (value) => value & 0xff);
  }
}
