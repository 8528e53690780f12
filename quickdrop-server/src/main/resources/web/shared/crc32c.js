/**
 * CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4), the checksum in every chunk's header.
 * Eight tables, so that eight bytes are taken per step: a phone has better things to do.
 */

/** The reflected Castagnoli polynomial. */
const POLYNOMIAL = 0x82f63b78;

const TABLES = (() => {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[0][byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    for (let t = 1; t < 8; t++) {
      const previous = tables[t - 1][byte];
      tables[t][byte] = tables[0][previous & 0xff] ^ (previous >>> 8);
    }
  }
  return tables;
})();

/**
 * @param {Uint8Array} bytes
 * @returns {number} the checksum as an unsigned 32-bit number
 */
export function crc32c(bytes) {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = ~0;
  let at = 0;
  for (const last = bytes.length - 8; at <= last; at += 8) {
    crc =
      t7[(crc ^ bytes[at]) & 0xff] ^
      t6[((crc >>> 8) ^ bytes[at + 1]) & 0xff] ^
      t5[((crc >>> 16) ^ bytes[at + 2]) & 0xff] ^
      t4[((crc >>> 24) ^ bytes[at + 3]) & 0xff] ^
      t3[bytes[at + 4]] ^
      t2[bytes[at + 5]] ^
      t1[bytes[at + 6]] ^
      t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
