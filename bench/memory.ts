import { readdir, readFile } from 'node:fs/promises'

/** Resident memory in MB of a process and of all processes that it started. */
export interface Memory {
  own: number
  children: number
}

/** Read from /proc; NaN where there is none. Memory that children share (PostgreSQL's buffers) counts once for each. */
export async function memoryOf(pid: number): Promise<Memory> {
  const parents = await parentsByPid()
  const started = (parent: number): number[] =>
    [...parents].flatMap(([id, of]) => (of === parent ? [id, ...started(id)] : []))
  const sizes = await Promise.all(started(pid).map(residentMegabytes))
  return { own: await residentMegabytes(pid), children: sizes.reduce((sum, size) => sum + size, 0) }
}

async function parentsByPid(): Promise<Map<number, number>> {
  const ids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const stats = await Promise.all(ids.map(async id => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')))
  return new Map(ids.map((id, at) => [Number(id), Number(stats[at]?.split(') ').at(-1)?.split(' ')[1])]))
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1_024
}

/** Linux counts the processor time of processes in hundredths of a second. */
const tickMs = 10

/** Processor time in ms that a process has used so far, without those that it started; NaN where there is no /proc. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}
