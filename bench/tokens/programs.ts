import type { Place } from './place.ts'
import type { CodingAgent } from './coding-agent.ts'

/**
 * A task of many steps, once as single calls and once as one program for the tool `code`; both put the same facts into
 * the context.
 */
export interface Steps {
  id: string
  title: string
  given(place: Place): Promise<void>
  calls(agent: CodingAgent): Promise<void>
  js: string
  allow?: string[]
}

const written = ['state', 'grading', 'end-to-end']
const agents = ['exercise', 'progress']

export const steps: readonly Steps[] = [
  {
    id: 'verify-status',
    title: 'verify, topics, agents, state (1 probe, 3 reads)',
    given: async place => place.up(),
    async calls(agent) {
      await agent.change('platform-verify/all')
      for (const op of ['kafka-topics/list', 'tutoring-agents/status', 'state-store/status']) await agent.read(op)
    },
    js:
      "await lf.change('platform-verify/all'); for (const op of ['kafka-topics/list', 'tutoring-agents/status', " +
      "'state-store/status']) await lf.read(op); return 'all fine'",
    allow: ['platform-verify/all'],
  },
  {
    id: 'latencies',
    title: 'four latencies, p95 of each (3 probes, 1 read)',
    given: async place => place.up(),
    async calls(agent) {
      await agent.read('latency-verify/triage')
      for (const name of written) await agent.change(`latency-verify/${name}`)
    },
    js:
      'const r = {}; const put = data => { for (const [k, v] of Object.entries(data)) r[k] = v.p95 }; ' +
      "put(await lf.read('latency-verify/triage')); for (const n of ['state', 'grading', 'end-to-end']) " +
      "put(await lf.change('latency-verify/' + n)); return r",
    allow: written.map(name => `latency-verify/${name}`),
  },
  {
    id: 'restart-all',
    title: 'restart both workers, then diagnose (2 changes, 1 read)',
    given: async place => place.up(),
    async calls(agent) {
      for (const name of agents) await agent.change('tutoring-agents/restart', { name })
      await agent.read('incident-triage/diagnose')
    },
    js:
      "for (const name of ['exercise', 'progress']) await lf.change('tutoring-agents/restart', { name }); " +
      "await lf.read('incident-triage/diagnose'); return 'done'",
    allow: ['tutoring-agents/restart'],
  },
  {
    id: 'letters-by-student',
    title: 'dead letters counted by student, of 40 (data to filter)',
    async given(place) {
      await place.up()
      const probe = await place.probe()
      for (let at = 0; at < 40; at += 1)
        await probe.operate('kafka-topics/produce', { key: `student-${at % 5}`, value: `no event ${at}` })
      for (let tries = 0; tries < 100; tries += 1) {
        const { letters } = await probe.operate<{ letters: unknown[] }>('kafka-topics/dead-letters', { limit: 1_000 })
        if (letters.length >= 40) return
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    },
    async calls(agent) {
      const { pages = 1 } = await page(agent, 1)
      for (let at = 2; at <= pages; at += 1) await page(agent, at)
    },
    js:
      'const n = {}; ' +
      "for (const { key } of (await lf.read('kafka-topics/dead-letters', { limit: 1000 })).letters) " +
      'n[key] = (n[key] ?? 0) + 1; return n',
  },
]

async function page(agent: CodingAgent, at: number): Promise<{ pages?: number }> {
  const { structured } = await agent.call('read', { op: 'kafka-topics/dead-letters', args: { limit: 1_000 }, page: at })
  return structured
}
