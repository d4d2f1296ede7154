/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv), over bytes. */
export const fnv1a = (bytes: Uint8Array): number => {
  let hash = 0x811c_9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash >>> 0;
};
