import { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

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

/** A line ends with \n alone: JSON may hold what else ends one (U+2028, U+2029). */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const part of input) {
    const [first = '', ...more] = (typeof part === 'string' ? part : decoder.write(part)).split('\n')
    rest += first
    for (const line of more) {
      yield `${relaxedMessage(rest)}\n`
      rest = line
    }
  }
  rest += decoder.end()
  if (rest !== '') yield `${relaxedMessage(rest)}\n`
}
