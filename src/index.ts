/** The package's API: machines to embed, in Node, in a worker and in a page. docs/embed.md shows how. */
export type { Program, User } from "../abi/program.ts";
export type {
  Cdev,
  FileOperations,
  Kernel,
  Module,
  ModuleInstance,
  VmArea,
  VmFault,
  VmOperations,
} from "../devices/drivers/driver.ts";
export type { Console } from "./api/console.ts";
export { ScanoutError } from "./api/error.ts";
export type { FileStat, FileTree } from "./api/file-tree.ts";
export type { Inspector, PageFaultInfo, PageWalk, PixelPlace, ProcessInfo, WalkLevel } from "./api/inspect.ts";
export {
  type CreateMachineOptions,
  createMachine,
  type MachineKernel,
  type MachineStats,
  type ScanoutMachine,
  type SpawnProgramOptions,
} from "./api/machine.ts";
export type { GuestProgram, ProgramStats } from "./api/program.ts";
export type { Budget, RunEnd, RunResult } from "./api/runner.ts";
export type { Damage, Screen, ScreenCanvas, ScreenFrame } from "./api/screen.ts";
export type { Size } from "./api/size.ts";
export type { InputStream, OutputStream } from "./api/streams.ts";
export { Computer, type ComputerOptions, REFRESH_RATE } from "./computer.ts";
export { copyPicture, type Picture } from "./display/picture.ts";
export type { InputDevices, PointerState } from "./input/input-devices.ts";
export type { ExitStatus } from "./kernel/task.ts";
