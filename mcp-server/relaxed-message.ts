import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

/** The JSON text of a message, in which some hosts send `"arguments": null` for a tool without any: none, then. */
export function relaxedMessage(text: string): string {
  if (!/"arguments"\s*:\s*null/.test(text)) return text
  try {
    const message: unknown = JSON.parse(text)
    return JSON.stringify(Array.isArray(message) ? message.map(withoutNull) : withoutNull(message))
  } catch {
    return text
  }
}

function withoutNull(message: unknown): unknown {
  const { params } = (message ?? {}) as { params?: Record<string, unknown> | null }
  if (params?.['arguments'] !== null) return message
  return { ...(message as object), params: { ...params, arguments: {} } }
}

/** A stream of messages, one a line, each read so. */
export const relaxedLines = (input: NodeJS.ReadableStream): Readable =>
  Readable.from(linesOf(input), { objectMode: false })

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input })) yield `${relaxedMessage(line)}\n`
}
