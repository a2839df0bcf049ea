/** Bytes read as UTF-8: the text without a byte order mark, or the position of the first byte that is not UTF-8. */
export function readUtf8(bytes: Uint8Array): { text: string } | { badAt: number } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { badAt: firstBadByte(bytes) }
  }
}

function firstBadByte(bytes: Uint8Array): number {
  let [valid, bad] = [0, bytes.length]
  while (bad - valid > 1) {
    const middle = Math.floor((valid + bad) / 2)
    if (isBeginning(bytes.subarray(0, middle))) valid = middle
    else bad = middle
  }
  // The last character may be cut off: then its first byte is the one that stands alone.
  const whole = new TextDecoder().decode(bytes.subarray(0, valid), { stream: true })
  return Buffer.byteLength(whole) + (hasMark(bytes) ? 3 : 0)
}

/** Whether UTF-8 can begin so; the end may be in the middle of a character. */
function isBeginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

export const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
