import type { loadPyodide } from 'pyodide'

/** What is kept of each stream, and what may be written in all. */
const keptBytes = 65_536
const mostBytes = 2 ** 20

/** What was written, as far as it is kept. */
export interface Written {
  parts: Uint8Array[]
  size: number
}

export interface Streams {
  out: Written
  err: Written
  bytes: number
  truncated: boolean
  flooded: boolean
  stdin: { text: string | undefined; given: boolean }
}

const encoder = new TextEncoder()

export const nothing = (): Written => ({ parts: [], size: 0 })
const empty = (): Streams => ({ out: nothing(), err: nothing(), bytes: 0, truncated: false, flooded: false, stdin: { text: undefined, given: false } })

export function connectStreams(pyodide: Awaited<ReturnType<typeof loadPyodide>>): { streams: Streams; reset(): void } {
  const streams = empty()
  const writer = (stream: 'out' | 'err') => ({
    write(buffer: Uint8Array) {
      streams.bytes += buffer.length
      // Pyodide turns what is thrown here into an OSError, so the next look at the signals ends the run.
      if (streams.bytes > mostBytes) streams.flooded = true
      const written = streams[stream]
      const part = buffer.slice(0, keptBytes - written.size)
      if (part.length < buffer.length) streams.truncated = true
      if (part.length > 0) written.parts.push(part)
      written.size += part.length
      return buffer.length
    },
  })
  pyodide.setStdout(writer('out'))
  pyodide.setStderr(writer('err'))
  pyodide.setStdin({
    stdin() {
      const { text } = streams.stdin
      streams.stdin.text = undefined
      // As bytes: to a text Pyodide would add a line end.
      return text === undefined || text === '' ? undefined : encoder.encode(text)
    },
  })
  return { streams, reset: () => void Object.assign(streams, empty()) }
}
