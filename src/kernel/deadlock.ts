/** Nobody can ever wake anybody again: the processes are ended, and the log says what each waited in. */
import { SIGKILL } from "../../abi/signal.ts";
import { KERN_ERR } from "../../devices/drivers/vm.ts";
import type { Core } from "./core.ts";
import { systemCallName } from "./syscall-table.ts";

export const endDeadlock = (core: Core): void => {
  const stuck = [...core.tasks].filter(({ state }) => state === "sleeping" || state === "stopped");
  for (const { state, comm, pid, call } of stuck) {
    const where = state === "stopped" ? ": stopped" : ` in ${systemCallName(call!.nr)}`;
    core.printk(`${KERN_ERR}INFO: task ${comm}:${pid} blocked for ever${where}\n`);
  }
  for (const task of stuck) core.exit(task, { signal: SIGKILL, address: 0 });
};
