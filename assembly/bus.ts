/**
 * The bus to the register devices, which live in the host (MachineImports.bus in src/machine-exports.ts).
 * What may be above 2^31 crosses as f64, so that the host sees unsigned numbers and read() can answer -1.
 */
export declare function read(pa: f64, width: u32): f64;
export declare function high(): u32;
export declare function write(pa: f64, width: u32, lo: f64, hi: f64): u32;
