/** execve(2): the program that a process runs becomes another (fs/exec.c, fs/binfmt_elf.c, fs/binfmt_script.c). */
import {
  AT_BASE,
  AT_CLKTCK,
  AT_EGID,
  AT_ENTRY,
  AT_EUID,
  AT_FLAGS,
  AT_GID,
  AT_HWCAP,
  AT_PAGESZ,
  AT_PHDR,
  AT_PHENT,
  AT_PHNUM,
  AT_SECURE,
  AT_UID,
  elf64Phdr,
} from "../../../abi/elf.ts";
import { E2BIG, EACCES, ELIBBAD, ELOOP, ENOEXEC, ENOMEM } from "../../../abi/errno.ts";
import { O_RDONLY } from "../../../abi/fcntl.ts";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_GROWSDOWN, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../../abi/mman.ts";
import { S_ISREG } from "../../../abi/stat.ts";
import { USER_HZ } from "../../../abi/time.ts";
import { PAGE_ALIGN, PAGE_SIZE } from "../../../devices/drivers/vm.ts";
import type { Core } from "../core.ts";
import type { OpenFile } from "../fs/file.ts";
import { decodeName, encodeName } from "../fs/names.ts";
import type { FsState } from "../fs/path.ts";
import { Mm, type MmHost, type MmLimits, TASK_SIZE } from "../mm/mm.ts";
import { mmap } from "../mm/mmap.ts";
import { exitMmap } from "../mm/munmap.ts";
import { type ElfFile, type ReadAt, readElf } from "./elf-file.ts";
import { ELF_ET_DYN_BASE, type MappedElf, mapElf } from "./elf-map.ts";
import { buildStack, stackSize } from "./stack.ts";

/** What of the stack is mapped below the arguments from the start (setup_arg_pages); the rest grows. */
const STACK_EXPAND = 128 * 1024;
/** "the total size of argv and envp … is limited to 1/4-th of the stack size", at least ARG_MAX, at most 6 MiB: execve(2). */
const ARG_MAX = 32 * PAGE_SIZE;
const ARGUMENTS_MOST = 6 * 1024 * 1024;
/** One line of "#!" (BINPRM_BUF_SIZE), and how often one may lead to the next. */
const SCRIPT_LINE = 256;
const SCRIPT_DEPTH = 5;
/** COMPAT_HWCAP_ISA_…: a bit for each letter's place in the alphabet: I, M, A, F, D, C. */
const HWCAP = [..."imafdc"].reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) - 97)), 0);

export interface ExecRequest {
  readonly path: string;
  readonly argv: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  /** The resource limits of the process. */
  readonly limits?: MmLimits;
}

/** A program that is ready to run in an address space of its own. */
export interface Loaded {
  readonly mm: Mm;
  readonly entry: number;
  readonly sp: number;
  /** The file that runs, opened; for /proc/<pid>/exe. */
  readonly file: OpenFile;
}

export interface ExecHost {
  readonly core: Core;
  readonly mmHost: MmHost;
}

const encode = encodeName;

/** Loads a program; -errno, and nothing is left behind, when it cannot be. */
export const loadProgram = (host: ExecHost, fs: FsState, request: ExecRequest, depth = 0): Loaded | number => {
  const file = openProgram(host.core, fs, request.path);
  if (typeof file === "number") return file;
  const read = readerOf(file);
  const script = readScript(read);
  if (script !== null) {
    file.put();
    if (depth === SCRIPT_DEPTH) return -ELOOP;
    const rest = [encode(request.path), ...request.argv.slice(1)];
    const argv = [script.interpreter, ...script.argument, ...rest.map((text) => text)].map((text) =>
      typeof text === "string" ? encode(text) : text,
    );
    return loadProgram(host, fs, { ...request, path: script.interpreter, argv }, depth + 1);
  }
  const elf = readElf(read);
  const loaded = typeof elf === "number" ? elf : loadElf(host, fs, request, file, elf);
  if (typeof loaded === "number") file.put();
  return loaded;
};

/** do_open_execat: a regular file with an execute bit. */
const openProgram = (core: Core, fs: FsState, path: string): OpenFile | number => {
  const file = core.vfs.open(fs, path, O_RDONLY, 0);
  if (typeof file === "number") return file;
  if (S_ISREG(file.inode.mode) && (file.inode.mode & 0o111) !== 0 && file.inode.cache !== null) return file;
  file.put();
  return -EACCES;
};

const readerOf = (file: OpenFile): ReadAt => {
  const { inode } = file;
  return (at, length) => inode.cache!.read(at, Math.max(0, Math.min(length, inode.size - at)));
};

/** "#!interpreter [optional-arg]", execve(2); null for a file that is no script. */
const readScript = (read: ReadAt): { interpreter: string; argument: string[] } | null => {
  const head = read(0, SCRIPT_LINE);
  if (head[0] !== 0x23 || head[1] !== 0x21) return null;
  const newline = head.indexOf(0x0a);
  const line = decodeName(head.subarray(2, newline >= 0 ? newline : SCRIPT_LINE - 1));
  const [, interpreter = "", argument = ""] = /^[ \t]*([^ \t\0]*)[ \t]*([^\0]*?)[ \t]*(?:\0|$)/s.exec(line)!;
  // "If there is no later space/tab/NUL we must assume the interpreter path is truncated."
  const isCut = newline < 0 && head.length === SCRIPT_LINE && !/^[ \t]*[^ \t\0]*[ \t\0]/s.test(line);
  return interpreter === "" || isCut ? null : { interpreter, argument: argument === "" ? [] : [argument] };
};

const loadElf = (host: ExecHost, fs: FsState, request: ExecRequest, file: OpenFile, elf: ElfFile): Loaded | number => {
  const mm = Mm.create(host.mmHost);
  if (mm === null) return -ENOMEM;
  mm.limits = request.limits ?? mm.limits;
  const loaded = fillMm(host, fs, request, file, elf, mm);
  if (typeof loaded === "number") {
    exitMmap(mm);
    return loaded;
  }
  return { mm, file, ...loaded };
};

const fillMm = (
  host: ExecHost,
  fs: FsState,
  request: ExecRequest,
  file: OpenFile,
  elf: ElfFile,
  mm: Mm,
): { entry: number; sp: number } | number => {
  const program = mapElf(mm, file, elf, ELF_ET_DYN_BASE);
  if (typeof program === "number") return program;
  mm.startBrk = PAGE_ALIGN(program.end);
  mm.brk = mm.startBrk;
  let interpreter: MappedElf | null = null;
  let entry = elf.entry + program.bias;
  if (elf.interpreter !== null) {
    const found = loadInterpreter(host, fs, mm, elf.interpreter);
    if (typeof found === "number") return found;
    interpreter = found.mapped;
    entry = found.entry;
  }
  const zero = [...program.zero, ...(interpreter?.zero ?? [])];
  return host.core.withMm(mm, () => {
    if (zero.some(({ start, length }) => host.core.clearUser(start, length) !== 0)) return -ENOMEM;
    const sp = fillStack(host.core, mm, request, elf, program, interpreter);
    return sp < 0 ? sp : { entry, sp };
  });
};

const loadInterpreter = (
  host: ExecHost,
  fs: FsState,
  mm: Mm,
  path: string,
): { mapped: MappedElf; entry: number } | number => {
  const file = openProgram(host.core, fs, path);
  if (typeof file === "number") return file;
  const elf = readElf(readerOf(file));
  // "ELIBBAD: An ELF interpreter was not in a recognized format."
  const mapped = typeof elf === "number" ? -ELIBBAD : mapElf(mm, file, elf, null);
  file.put();
  if (typeof elf === "number" || typeof mapped === "number") return typeof mapped === "number" ? mapped : -ENOEXEC;
  return { mapped, entry: elf.entry + mapped.bias };
};

/** The stack's mapping and what a program finds on it: the new stack pointer, or -errno. */
const fillStack = (
  core: Core,
  mm: Mm,
  request: ExecRequest,
  elf: ElfFile,
  program: MappedElf,
  interpreter: MappedElf | null,
): number => {
  const random = new Uint8Array(16);
  core.getRandomBytes(random);
  const auxv: (readonly [number, number])[] = [
    [AT_HWCAP, HWCAP],
    [AT_PAGESZ, PAGE_SIZE],
    [AT_CLKTCK, USER_HZ],
    [AT_PHDR, headersAt(elf, program)],
    [AT_PHENT, elf64Phdr.size],
    [AT_PHNUM, elf.phnum],
    [AT_BASE, interpreter?.bias ?? 0],
    [AT_FLAGS, 0],
    [AT_ENTRY, elf.entry + program.bias],
    [AT_UID, 0],
    [AT_EUID, 0],
    [AT_GID, 0],
    [AT_EGID, 0],
    [AT_SECURE, 0],
  ];
  const contents = { fileName: encode(request.path), argv: request.argv, env: request.env, random, auxv };
  const size = stackSize(contents);
  if (size > Math.min(ARGUMENTS_MOST, Math.max(mm.limits.stack / 4, ARG_MAX))) return -E2BIG;
  const stackLength = PAGE_ALIGN(size + STACK_EXPAND);
  const start = TASK_SIZE - stackLength;
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN;
  const prot = PROT_READ | PROT_WRITE;
  const mapped = mmap(mm, { address: start, length: stackLength, prot, flags, file: null, offset: 0 });
  if (mapped < 0) return mapped;
  const { sp, bytes, layout } = buildStack(TASK_SIZE, contents);
  mm.layout = { ...layout, startStack: sp, vdso: 0 };
  return core.copyToUser(sp, bytes) === 0 ? sp : -ENOMEM;
};

/** Where the program headers lie in memory: in the segment that holds their place in the file. */
const headersAt = (elf: ElfFile, program: MappedElf): number => {
  const holder = elf.segments.find((s) => elf.phoff >= s.p_offset && elf.phoff < s.p_offset + s.p_filesz);
  return holder === undefined ? 0 : elf.phoff - holder.p_offset + holder.p_vaddr + program.bias;
};
