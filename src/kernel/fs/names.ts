/**
 * Names are bytes, and most of them UTF-8. A byte that is not part of UTF-8 becomes a lone surrogate, U+DC80 … U+DCFF
 * for 0x80 … 0xff, so that every name has exactly one string (as PEP 383 does it for Python).
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const LONE = /[\udc80-\udcff]/;
const ESCAPE = 0xdc00;

export const decodeName = (bytes: Uint8Array): string => {
  try {
    return strict.decode(bytes);
  } catch {
    return decodePieces(bytes);
  }
};

/** Length of the UTF-8 sequence that begins at `at`; 0 when none does. */
const sequence = (bytes: Uint8Array, at: number): number => {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      strict.decode(bytes.subarray(at, at + length));
      return length;
    } catch {}
  }
  return 0;
};

const decodePieces = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequence(bytes, at);
    text += length === 0 ? String.fromCharCode(ESCAPE + bytes[at]!) : strict.decode(bytes.subarray(at, at + length));
    at += Math.max(1, length);
  }
  return text;
};

export const encodeName = (text: string): Uint8Array => {
  if (!LONE.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  // By code points: the halves of a pair stay together.
  for (const point of text) {
    const code = point.length === 1 ? point.charCodeAt(0) : 0;
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) bytes.push(code - ESCAPE);
    else bytes.push(...encoder.encode(point));
  }
  return Uint8Array.from(bytes);
};
