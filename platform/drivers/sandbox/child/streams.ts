import type { loadPyodide } from 'pyodide'

/** What is kept of each stream, and what may be written in all. */
const keptBytes = 65_536
const mostBytes = 2 ** 20

export interface Streams {
  out: Uint8Array[]
  err: Uint8Array[]
  bytes: number
  truncated: boolean
  flooded: boolean
  stdin: { text: string | undefined; given: boolean }
}

const empty = (): Streams => ({ out: [], err: [], bytes: 0, truncated: false, flooded: false, stdin: { text: undefined, given: false } })

export function connectStreams(pyodide: Awaited<ReturnType<typeof loadPyodide>>): { streams: Streams; reset(): void } {
  const streams = empty()
  const writer = (stream: 'out' | 'err') => ({
    write(buffer: Uint8Array) {
      streams.bytes += buffer.length
      // Pyodide turns what is thrown here into an OSError, so the next look at the signals ends the run.
      if (streams.bytes > mostBytes) streams.flooded = true
      const kept = streams[stream].reduce((sum, part) => sum + part.length, 0)
      if (kept + buffer.length > keptBytes) streams.truncated = true
      if (kept < keptBytes) streams[stream].push(buffer.slice(0, keptBytes - kept))
      return buffer.length
    },
  })
  pyodide.setStdout(writer('out'))
  pyodide.setStderr(writer('err'))
  pyodide.setStdin({
    stdin() {
      const { text } = streams.stdin
      streams.stdin.text = undefined
      return text
    },
  })
  return { streams, reset: () => void Object.assign(streams, empty()) }
}
