const seed = 0x9747b28c
const multiplier = 0x5bd1e995

/**
 * Java's (and kafkajs's) 32-bit murmur2 of the bytes, as a signed integer
 * (org.apache.kafka.common.utils.Utils.murmur2).
 */
export function murmur2(bytes: Uint8Array): number {
  let hash = seed ^ bytes.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length & ~3
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getInt32(at, true), multiplier)
    word ^= word >>> 24
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier)
  }
  if (bytes.length > whole) {
    for (let at = bytes.length - 1; at >= whole; at -= 1) hash ^= (bytes[at] ?? 0) << (8 * (at - whole))
    hash = Math.imul(hash, multiplier)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, multiplier)
  return hash ^ (hash >>> 15)
}

const encoder = new TextEncoder()

/**
 * The partition of a key, 0 to `partitions - 1`. Every producer uses this function, so that the order per key holds
 * across them.
 */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitions
}
