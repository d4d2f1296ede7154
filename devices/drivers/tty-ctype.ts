/**
 * Classes of characters as the kernel sees them (lib/ctype.c, include/linux/ctype.h of Linux 6.12): ISO 8859-1, whatever
 * the terminal shows. `c` is a byte.
 */

/** × and ÷ lie between the letters. */
const isLatinLetter = (c: number): boolean => c >= 0xc0 && c !== 0xd7 && c !== 0xf7;

export const iscntrl = (c: number): boolean => c < 0x20 || c === 0x7f;

const isupper = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || (isLatinLetter(c) && c < 0xdf);
const islower = (c: number): boolean => (c >= 0x61 && c <= 0x7a) || (isLatinLetter(c) && c >= 0xdf);

export const isalnum = (c: number): boolean => (c >= 0x30 && c <= 0x39) || isupper(c) || islower(c);

/** The kernel's table has no way up from ß and ÿ: they come out 32 lower all the same. */
export const toupper = (c: number): number => (islower(c) ? c - 0x20 : c);
export const tolower = (c: number): number => (isupper(c) ? c + 0x20 : c);
