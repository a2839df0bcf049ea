import type { loadPyodide } from 'pyodide'

/** The bytes kept of each stream, and the maximum that may be written in all. */
const keptBytes = 65_536
const maxBytes = 2 ** 20

/** The output, as far as it is kept. */
export interface Written {
  parts: Uint8Array[]
  size: number
  /** More was written than is kept. */
  cut: boolean
}

export interface Streams {
  out: Written
  err: Written
  bytes: number
  truncated: boolean
  flooded: boolean
  stdin: Input
}

/** The remaining input, whether any was given, and whether the program asked for it. */
interface Input {
  rest: Uint8Array
  given: boolean
  read: boolean
}

const encoder = new TextEncoder()

export const nothing = (): Written => ({ parts: [], size: 0, cut: false })
export const input = (text?: string): Input => ({ rest: encoder.encode(text), given: text !== undefined, read: false })
const empty = (): Streams => ({
  out: nothing(),
  err: nothing(),
  bytes: 0,
  truncated: false,
  flooded: false,
  stdin: input(),
})

/** A copy that does not change with the original. */
export const copyOf = (streams: Streams): Streams => ({
  ...streams,
  out: { ...streams.out, parts: [...streams.out.parts] },
  err: { ...streams.err, parts: [...streams.err.parts] },
  stdin: { ...streams.stdin },
})

export function connectStreams(pyodide: Awaited<ReturnType<typeof loadPyodide>>): { streams: Streams; reset(): void } {
  const streams = empty()
  const writer = (stream: 'out' | 'err') => ({
    write(buffer: Uint8Array) {
      streams.bytes += buffer.length
      // Pyodide turns an exception thrown here into an OSError, so the run is ended at the next signal check.
      if (streams.bytes > maxBytes) streams.flooded = true
      const written = streams[stream]
      const part = buffer.slice(0, keptBytes - written.size)
      if (part.length < buffer.length) streams.truncated = written.cut = true
      if (part.length > 0) written.parts.push(part)
      written.size += part.length
      return buffer.length
    },
  })
  pyodide.setStdout(writer('out'))
  pyodide.setStderr(writer('err'))
  pyodide.setStdin({
    // `stdin` of Pyodide is not used, because it keeps unread input for the next program.
    read(buffer: Uint8Array) {
      const { rest } = streams.stdin
      const part = rest.subarray(0, buffer.length)
      buffer.set(part)
      streams.stdin.read = true
      streams.stdin.rest = rest.subarray(part.length)
      return part.length
    },
  })
  return { streams, reset: () => void Object.assign(streams, empty()) }
}
