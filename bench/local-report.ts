import type { EngineFigures } from './beside-engines.ts'
import { sustained } from './generate.ts'
import type { Latency, LoadResult } from './open-loop.ts'
import { table } from './page.ts'
import type { ProcessFigures } from './processes.ts'
import type { WholeWay } from './whole-way.ts'

export interface LocalFindings {
  /** From `learnflow up` on an empty folder until it is verified. */
  up_seconds: { local: number; embedded: number }
  engines: EngineFigures
  ways: { local: WholeWay; embedded: WholeWay }
  processes: readonly ProcessFigures[]
  /** Memory of the single process of the embedded platform, and of its interpreters. */
  embedded_mb: { own: number; children: number }
}

export const limits = {
  read_p95_ms: 5,
  write_p95_ms: 10,
  triage_p99_ms: 2_000,
  graded_p99_ms: 30_000,
  up_seconds: 60,
} as const

const cells = ({ p50_ms, p95_ms, p99_ms, max_ms }: Latency): number[] => [p50_ms, p95_ms, p99_ms, max_ms]
const columns = ['p50', 'p95', 'p99', 'most']
const failures = ({ failed, calls }: LoadResult): string => `${failed} of ${calls}`
const rateOf = (result: LoadResult | undefined): string =>
  result === undefined ? 'none found' : `${result.pace.per_second}/s`

/** The section of the page, built only from measured figures. */
export function localSection(found: LocalFindings, measured: string): string {
  return [
    '## The target `local`, and `embedded` beside it',
    measured,
    'Loads are open loops from processes of their own: calls are sent at even distances whether or not ' +
      'earlier ones were answered, and every latency (ms) is counted from when its call was due. *late* is how ' +
      'late the generator itself sent (p99), which is part of the latencies.',
    ...stateTables(found.engines),
    ...wayTables(found),
    ...processTables(found),
  ].join('\n\n')
}

function stateTables({ state, publish }: EngineFigures): string[] {
  const does = { write: 'write', read: 'read', replace: 'read, then write if unchanged' } as const
  const rows = state.map(({ way, does: what, result }) => [
    does[what],
    way,
    `${result.pace.per_second}/s`,
    ...cells(result.over),
    result.late_p99_ms,
    failures(result),
  ])
  const published = publish.map(({ way, fifty, highest }) => [
    way,
    ...cells(fifty.over),
    fifty.late_p99_ms,
    failures(fifty),
    rateOf(highest),
    ...(highest === undefined ? ['-', '-'] : [highest.over.p50_ms, highest.over.p99_ms]),
  ])
  return [
    '### State on a Redis Cluster of 3 + 3',
    `Promised through Dapr: p95 of a read below ${limits.read_p95_ms} ms, of a write below ` +
      `${limits.write_p95_ms} ms, at 1,000 a second.`,
    table(['what', 'way', 'pace', ...columns, 'late', 'failed'], rows),
    '### Publishing on Kafka, three nodes, acknowledged by all in sync',
    table(
      [
        'way',
        ...columns.map(name => `${name} at 50/s`),
        'late',
        'failed',
        'highest sustained',
        'p50 there',
        'p99 there',
      ],
      published,
    ),
  ]
}

function wayTables({ ways, up_seconds }: LocalFindings): string[] {
  const targets = ['local', 'embedded'] as const
  const marks = (result: LoadResult): [string, Latency][] => [...Object.entries(result.marks), ['graded', result.over]]
  const endOf = (result: LoadResult, at: number): string =>
    at === 1 ? ', the highest sustained' : sustained(result) ? '' : ', not sustained'
  const rows = targets.flatMap(target =>
    [ways[target].fifty, ways[target].highest].flatMap((result, at) =>
      result === undefined
        ? []
        : marks(result).map(([until, latency]) => [
            target,
            `${result.pace.per_second}/s${endOf(result, at)}`,
            until,
            ...cells(latency),
            result.late_p99_ms,
            failures(result),
          ]),
    ),
  )
  return [
    '### The whole way: a program handed in, accepted, graded',
    'Sustained: nothing failed, and the last answer came within 1 s of when its program was due, after 15 s. ' +
      'Every program is another one and is run by the sandbox.',
    table(['target', 'pace', 'until', ...columns, 'late', 'failed'], rows),
    '### Fifty students, each the next program when the last is graded',
    table(
      ['target', 'submissions/s', 'accepted p50', 'accepted p99', 'graded p50', 'graded p99'],
      targets.map(target => [target, ...Object.values(ways[target].classroom)]),
    ),
    '### Questions, routed by triage, 50/s',
    table(
      ['target', ...columns, 'late', 'failed'],
      targets.map(target => [
        target,
        ...cells(ways[target].triage.over),
        ways[target].triage.late_p99_ms,
        failures(ways[target].triage),
      ]),
    ),
    `### From an empty folder to verified: local ${up_seconds.local} s, embedded ${up_seconds.embedded} s to ` +
      'its first grade',
  ]
}

function processTables({ processes, embedded_mb: { own, children }, engines }: LocalFindings): string[] {
  const sum = (size: (one: ProcessFigures) => number): number => processes.reduce((total, one) => total + size(one), 0)
  return [
    '### Processes of `local`: memory after the load, and the way back after SIGKILL',
    `Resident MB; what PostgreSQL's backends share counts for each. The start includes the supervisor's ` +
      `pause of 250 ms. A daprd alone answers for its components ${engines.daprd_start_ms} ms after it was ` +
      `started. The one process of \`embedded\`: ${own} MB, its interpreters ${children} MB.`,
    table(
      ['process', 'MB', 'its children', 'its supervisor', 'answers again after ms'],
      [
        ...processes.map(({ name, rss_mb, children_mb, watcher_mb, start_ms = '-' }) => [
          name,
          rss_mb,
          children_mb,
          watcher_mb,
          start_ms,
        ]),
        ['all', sum(one => one.rss_mb), sum(one => one.children_mb), sum(one => one.watcher_mb), ''],
      ],
    ),
  ]
}
