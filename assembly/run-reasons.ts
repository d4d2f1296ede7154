/** Why run() returned. The instructions that it was given are retired. */
export const RUN_BUDGET = 0;
/** An ecall of user mode, for a kernel that lives in the host: pc is the ecall's own address. */
export const RUN_ECALL = 1;
/** Another exception of user mode: trapCause() and trapValue() say which; pc is the address of the instruction. */
export const RUN_TRAP = 2;
/** A wfi waits for an interrupt that is not pending. pc is behind it. */
export const RUN_WAIT = 3;
