// Loops for bench/float.ts: each instruction over arrays of operands, and wasm's own operation over the same.
//
//   OPERANDS   COUNT × a │ COUNT × b │ COUNT × c │ COUNT × result, 8 bytes each
import { Float } from "../../assembly/float.ts";
import { FloatConvert } from "../../assembly/float-convert.ts";

const OPERANDS: usize = 0x8_0000;
const COUNT: usize = 1024;
const B: usize = COUNT * 8;
const C: usize = COUNT * 16;
const RESULT: usize = COUNT * 24;
const END: usize = OPERANDS + COUNT * 8;

export function add64(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, Float.add64(load<u64>(at), load<u64>(at, B), rm), RESULT);
    }
  }
}

export function add64Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(at, load<f64>(at) + load<f64>(at, B), RESULT);
    }
  }
}

export function mul64(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, Float.mul64(load<u64>(at), load<u64>(at, B), rm), RESULT);
    }
  }
}

export function mul64Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(at, load<f64>(at) * load<f64>(at, B), RESULT);
    }
  }
}

export function div64(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, Float.div64(load<u64>(at), load<u64>(at, B), rm), RESULT);
    }
  }
}

export function div64Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(at, load<f64>(at) / load<f64>(at, B), RESULT);
    }
  }
}

export function sqrt64(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, Float.sqrt64(load<u64>(at), rm), RESULT);
    }
  }
}

export function sqrt64Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(at, sqrt<f64>(load<f64>(at)), RESULT);
    }
  }
}

export function fma64(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, Float.fma64(load<u64>(at), load<u64>(at, B), load<u64>(at, C), rm), RESULT);
    }
  }
}

export function fma64Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(at, load<f64>(at) * load<f64>(at, B) + load<f64>(at, C), RESULT);
    }
  }
}

export function dot64(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(OPERANDS, Float.fma64(load<u64>(at), load<u64>(at, B), load<u64>(OPERANDS, RESULT), rm), RESULT);
    }
  }
}

export function dot64Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(OPERANDS, load<f64>(at) * load<f64>(at, B) + load<f64>(OPERANDS, RESULT), RESULT);
    }
  }
}

export function add32(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u32>(at, Float.add32(load<u32>(at), load<u32>(at, B), rm), RESULT);
    }
  }
}

export function add32Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f32>(at, load<f32>(at) + load<f32>(at, B), RESULT);
    }
  }
}

export function mul32(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u32>(at, Float.mul32(load<u32>(at), load<u32>(at, B), rm), RESULT);
    }
  }
}

export function mul32Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f32>(at, load<f32>(at) * load<f32>(at, B), RESULT);
    }
  }
}

export function div32(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u32>(at, Float.div32(load<u32>(at), load<u32>(at, B), rm), RESULT);
    }
  }
}

export function div32Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f32>(at, load<f32>(at) / load<f32>(at, B), RESULT);
    }
  }
}

export function sqrt32(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u32>(at, Float.sqrt32(load<u32>(at), rm), RESULT);
    }
  }
}

export function sqrt32Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f32>(at, sqrt<f32>(load<f32>(at)), RESULT);
    }
  }
}

export function fma32(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u32>(at, Float.fma32(load<u32>(at), load<u32>(at, B), load<u32>(at, C), rm), RESULT);
    }
  }
}

export function fma32Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f32>(at, load<f32>(at) * load<f32>(at, B) + load<f32>(at, C), RESULT);
    }
  }
}

export function dot32(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u32>(OPERANDS, Float.fma32(load<u32>(at), load<u32>(at, B), load<u32>(OPERANDS, RESULT), rm), RESULT);
    }
  }
}

export function dot32Raw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f32>(OPERANDS, load<f32>(at) * load<f32>(at, B) + load<f32>(OPERANDS, RESULT), RESULT);
    }
  }
}

export function fcvtWD(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, FloatConvert.fcvtWD(load<u64>(at), rm), RESULT);
    }
  }
}

export function fcvtWDRaw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<i64>(at, <i64>(<i32>load<f64>(at)), RESULT);
    }
  }
}

export function fcvtDL(rounds: i32, rm: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<u64>(at, FloatConvert.fcvtDL(load<u64>(at, C), rm), RESULT);
    }
  }
}

export function fcvtDLRaw(rounds: i32): void {
  for (let round = 0; round < rounds; round++) {
    for (let at = OPERANDS; at < END; at += 8) {
      store<f64>(at, <f64>load<i64>(at, C), RESULT);
    }
  }
}
