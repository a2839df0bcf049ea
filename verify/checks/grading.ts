import type { RequestState } from '../../schemas/api.ts'
import { defineCheck, type CheckResult, type Probe } from '../check.ts'

const limitMs = 3_000
/** A grade that takes longer than this counts as missing. */
const patienceMs = 10_000
const exercise = 'square'
const right = 'def square(n):\n    return n * n\n'
const wrong = 'def square(n):\n    return n + n\n'

const verdictOf = ({ grade }: RequestState): string => grade?.verdict ?? 'none'

async function order({ client, newStudent }: Probe): Promise<CheckResult> {
  const student = client({ student: newStudent() })
  const count = 10
  const ids: string[] = []
  for (let at = 0; at < count; at += 1)
    ids.push((await student.submit(exercise, `${right}# ${at}`, `order-${at}`)).request_id)
  const ends = await Promise.all(ids.map(async id => student.ended(id)))
  const times = ends.map(({ grade }) => Date.parse(grade?.graded_at ?? ''))
  const inOrder = times.every((time, at) => at === 0 || time >= (times[at - 1] ?? Number.NaN))
  return { ok: inOrder && !times.some(Number.isNaN), measured: inOrder ? `${count} in order` : 'out of order' }
}

async function once({ client, newStudent }: Probe): Promise<CheckResult> {
  const student = client({ student: newStudent() })
  const posts = await Promise.all(
    Array.from({ length: 5 }, async () => student.submit(exercise, right, 'the-same').catch((error: unknown) => error)),
  )
  const again = await student.submit(exercise, right, 'the-same')
  await student.ended(again.request_id)
  const { submissions } = await student.submissions()
  const ids = new Set(
    posts.flatMap(post => (post instanceof Error ? [] : [(post as { request_id: string }).request_id])),
  )
  return {
    ok: submissions.length === 1 && ids.size === 1,
    measured: `${submissions.length} stored of ${posts.length + 1} sent`,
  }
}

export default [
  defineCheck({
    id: 'grading.right',
    claim: `a right program passes within ${limitMs} ms`,
    fault: 'grades-cannot-be-stored',
    async run({ client, newStudent }) {
      const student = client({ student: newStudent() })
      // The interpreters of a platform that has just come up may still be starting: `learnflow bench start` measures that.
      const first = await student.submit(exercise, right, 'first')
      if ((await student.ended(first.request_id, patienceMs)).grade === undefined)
        return { ok: false, measured: `none in ${patienceMs} ms` }
      const start = performance.now()
      const { request_id } = await student.submit(exercise, right, 'right')
      const state = await student.ended(request_id, patienceMs)
      const tookMs = performance.now() - start
      return {
        ok: verdictOf(state) === 'passed',
        late: tookMs > limitMs,
        measured: `${verdictOf(state)} in ${tookMs.toFixed(0)} ms`,
      }
    },
  }),
  defineCheck({
    id: 'grading.wrong',
    claim: 'a wrong program fails',
    fault: 'grades-flipped',
    async run({ client, newStudent }) {
      const student = client({ student: newStudent() })
      const state = await student.ended((await student.submit(exercise, wrong, 'wrong')).request_id)
      return { ok: verdictOf(state) === 'failed', measured: verdictOf(state) }
    },
  }),
  defineCheck({
    id: 'grading.once',
    claim: 'a submission sent six times with one key is stored and graded once',
    fault: 'keys-forgotten',
    run: once,
  }),
  defineCheck({
    id: 'grading.order',
    claim: "a student's submissions are graded in the order they came",
    fault: 'inbox-scrambled',
    run: order,
  }),
]
