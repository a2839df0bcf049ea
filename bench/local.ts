import { randomUUID } from 'node:crypto'
import { openProbe } from '../verify/check.ts'
import { startLocalTestPlatform } from '../verify/test-platform-local.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from '../verify/test-platform.ts'
import { type Bench, tenth } from './bench.ts'
import { besideEngines } from './beside-engines.ts'
import { type LocalFindings, limits, localSection } from './local-report.ts'
import { memoryOf } from './memory.ts'
import { processFigures } from './processes.ts'
import { wholeWay } from './whole-way.ts'

/** The default settings of a platform; a throwaway platform uses smaller ones. */
export const defaultSettings = { LEARNFLOW_SANDBOX_PROCESSES: '2', LEARNFLOW_LEASE_SECONDS: '10' }
type Progress = (line: string) => void

/** The target `local` on real engines, with the embedded target measured in the same run for comparison. */
export const local: Bench = {
  about: 'the target local: state, publishing, submissions, triage, memory and starts; embedded beside it',
  async run(progress, quick) {
    const embedded = await onEmbedded(quick, line => progress(`embedded: ${line}`))
    const { up, engines, way, processes } = await onLocal(quick, line => progress(`local: ${line}`))
    const found: LocalFindings = {
      up_seconds: { local: up, embedded: embedded.up },
      engines,
      ways: { local: way, embedded: embedded.way },
      processes,
      embedded_mb: embedded.memory,
    }
    const figures = figuresOf(found)
    const kept =
      figures.dapr_read_p95_ms < limits.read_p95_ms &&
      figures.dapr_write_p95_ms < limits.write_p95_ms &&
      figures.triage_p99_ms < limits.triage_p99_ms &&
      figures.graded_p99_ms < limits.graded_p99_ms &&
      up <= limits.up_seconds
    return { figures, ok: kept && figures.failed === 0, section: measured => localSection(found, measured) }
  },
}

async function onLocal(quick: boolean, progress: Progress) {
  const start = performance.now()
  await using platform = await startLocalTestPlatform({ settings: defaultSettings })
  const up = tenth((performance.now() - start) / 1_000)
  progress(`up after ${up} s`)
  const { folder, topology } = platform
  const engines = await besideEngines(folder, topology, quick, progress)
  const way = await wholeWay(folder, quick, progress)
  progress('memory, and the start of each process')
  return { up, engines, way, processes: await processFigures(platform) }
}

async function onEmbedded(quick: boolean, progress: Progress) {
  await using home = await temporaryFolder()
  const start = performance.now()
  await using platform = await startTestPlatform({ folder: home.path, settings: defaultSettings })
  const probe = await openProbe(home.path, throwawayConfig())
  const client = probe.client({ student: probe.newStudent() })
  await client.ended((await client.submit('square', 'def square(n):\n    return n * n\n', randomUUID())).request_id)
  const up = tenth((performance.now() - start) / 1_000)
  progress(`first grade after ${up} s`)
  const way = await wholeWay(home.path, quick, progress)
  const { own, children } = await memoryOf(platform.pid)
  return { up, way, memory: { own: Math.round(own), children: Math.round(children) } }
}

/** The promised figures, and the failures of everything that must not fail. */
function figuresOf({ up_seconds, engines, ways, processes }: LocalFindings) {
  const state = (way: string, does: string) =>
    engines.state.find(one => one.way === way && one.does === does)?.result.over ?? {
      p95_ms: Number.NaN,
      p99_ms: Number.NaN,
    }
  const published = engines.publish.find(({ way }) => way === 'dapr')
  // `ways.embedded.fifty` is left out, because the embedded platform does not promise 50 programs a second.
  const results = [
    ...engines.state.map(({ result }) => result),
    ...engines.publish.map(({ fifty }) => fifty),
    ways.local.triage,
    ways.local.fifty,
    ways.embedded.triage,
  ]
  return {
    up_s: up_seconds.local,
    dapr_read_p95_ms: state('dapr', 'read').p95_ms,
    dapr_read_p99_ms: state('dapr', 'read').p99_ms,
    dapr_write_p95_ms: state('dapr', 'write').p95_ms,
    dapr_write_p99_ms: state('dapr', 'write').p99_ms,
    direct_read_p95_ms: state('direct', 'read').p95_ms,
    direct_write_p95_ms: state('direct', 'write').p95_ms,
    publish_p95_ms: published?.fifty.over.p95_ms ?? Number.NaN,
    triage_p99_ms: ways.local.triage.over.p99_ms,
    graded_p50_ms: ways.local.fifty.over.p50_ms,
    graded_p99_ms: ways.local.fifty.over.p99_ms,
    submissions_per_second: ways.local.classroom.submissions_per_second,
    highest_per_second: ways.local.highest?.pace.per_second ?? 0,
    embedded_submissions_per_second: ways.embedded.classroom.submissions_per_second,
    embedded_highest_per_second: ways.embedded.highest?.pace.per_second ?? 0,
    rss_mb: processes.reduce((sum, one) => sum + one.rss_mb + one.children_mb, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  }
}
