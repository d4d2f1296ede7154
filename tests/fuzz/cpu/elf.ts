/** A static riscv64 ELF of pieces at addresses of their own. */
import { elf64Ehdr, elf64Phdr } from "../../../abi/elf.ts";

export interface Piece {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** PF_R 4, PF_W 2, PF_X 1. */
  readonly flags: number;
  /** Bytes in memory, zeros behind `bytes`; default: no more than those. */
  readonly memorySize?: number;
}

const PAGE = 4096;

/** No two pieces may share a page. The entry is the first piece's address. */
export const elf = (pieces: readonly Piece[]): Uint8Array => {
  let end = elf64Ehdr.size + pieces.length * elf64Phdr.size;
  const offsets = pieces.map(({ address, bytes }) => {
    const offset = end + ((((address - end) % PAGE) + PAGE) % PAGE);
    end = offset + bytes.length;
    return offset;
  });
  const file = new Uint8Array(end);
  elf64Ehdr.write(file, 0, {
    e_ident: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    e_type: 2,
    e_machine: 243,
    e_version: 1,
    e_entry: pieces[0]!.address,
    e_phoff: elf64Ehdr.size,
    // EF_RISCV_RVC and EF_RISCV_FLOAT_ABI_DOUBLE.
    e_flags: 5,
    e_ehsize: elf64Ehdr.size,
    e_phentsize: elf64Phdr.size,
    e_phnum: pieces.length,
  });
  for (const [i, { address, bytes, flags, memorySize = bytes.length }] of pieces.entries()) {
    elf64Phdr.write(file, elf64Ehdr.size + i * elf64Phdr.size, {
      p_type: 1,
      p_flags: flags,
      p_offset: offsets[i]!,
      p_vaddr: address,
      p_paddr: address,
      p_filesz: bytes.length,
      p_memsz: memorySize,
      p_align: PAGE,
    });
    file.set(bytes, offsets[i]!);
  }
  return file;
};
