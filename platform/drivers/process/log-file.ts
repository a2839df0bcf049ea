import { appendFileSync, renameSync, statSync } from 'node:fs'

/**
 * Appends to a log file that is moved to `FILE.1` when it would exceed `bound` bytes, so at most twice the bound is
 * kept.
 */
export function logFile(path: string, bound: number): { append(data: Uint8Array): void } {
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  let lost = 0
  const write = (data: Uint8Array): void => {
    if (size > 0 && size + data.length > bound) {
      renameSync(path, `${path}.1`)
      size = 0
    }
    appendFileSync(path, data, { mode: 0o600 })
    size += data.length
  }
  return {
    append(data) {
      try {
        if (lost > 0) write(Buffer.from(`\n${lost} bytes of this log could not be written\n`))
        lost = 0
        write(data)
      } catch {
        // A full disk must not end the watcher: the log reports how many bytes it lost once it can write again.
        lost += data.length
      }
    },
  }
}
