/** The text of a body, decompressed; undefined, and the rest is not read, when it has more than `max` bytes. */
export async function readBounded({ body }: Response, max: number): Promise<string | undefined> {
  if (body === null) return ''
  const parts: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the body.
  for await (const part of body as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > max) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
