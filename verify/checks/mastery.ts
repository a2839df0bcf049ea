import type { HistoryPage } from '../../schemas/api.ts'
import { defineCheck, type Probe } from '../check.ts'

const dayMs = 86_400_000

/**
 * The mastery of a module by its definition (0.4 completion, 0.2 quality, 0.1 consistency, absent ones left out),
 * computed from what the API returns for the student.
 */
function recompute({ submissions }: HistoryPage, module: string, inBank: ReadonlySet<string>): number {
  const graded = submissions.flatMap(({ exercise_id, received_at, grades }) => {
    const newest = grades.toSorted((one, other) => other.exercise_version - one.exercise_version)[0]
    const day = Math.floor(Date.parse(received_at) / dayMs)
    return newest?.module === module
      ? [{ exercise_id, day, passed: newest.verdict === 'passed', quality: newest.quality }]
      : []
  })
  const passed = Map.groupBy(
    graded.filter(grade => grade.passed && inBank.has(grade.exercise_id)),
    grade => grade.exercise_id,
  )
  const days = new Set(graded.map(grade => grade.day))
  const today = Math.floor(Date.now() / dayMs)
  const consistency = [...days].filter(day => day > today - 14).length / Math.min(14, today - Math.min(...days) + 1)
  const qualities = [...passed.values()].flatMap(rows => {
    const known = rows.map(row => row.quality).filter(quality => quality !== null)
    return known.length === 0 ? [] : [Math.max(...known)]
  })
  const parts = [[0.1, consistency]]
  if (inBank.size > 0) parts.push([0.4, passed.size / inBank.size])
  if (qualities.length > 0) parts.push([0.2, qualities.reduce((sum, one) => sum + one, 0) / qualities.length])
  const sum = (of: (weight: number, value: number) => number): number =>
    parts.reduce((total, [weight = 0, value = 0]) => total + of(weight, value), 0)
  return (100 * sum((weight, value) => weight * value)) / sum(weight => weight)
}

async function stored({ client, newStudent, operator }: Probe) {
  const id = newStudent()
  const student = client({ student: id })
  for (const [at, code] of [
    'def square(n): return n',
    'def square(n): return n * n',
    'def square(n): return n ** 2',
  ].entries()) {
    const { request_id } = await student.submit('square', code, `mastery-${at}`)
    await student.ended(request_id)
  }
  const inBank = new Set((await student.exercises({ module: 'basics' })).exercises.map(exercise => exercise.id))
  // The progress agent runs after the grade is published, so it gets the time that the requirement allows; the quality
  // of a program stands in the history only then.
  let [found, expected] = [undefined as number | undefined, Number.NaN]
  for (let tries = 0; tries < 50 && !(found !== undefined && Math.abs(found - expected) < 1e-9); tries += 1) {
    await new Promise(resolve => setTimeout(resolve, 100))
    expected = recompute(await operator().history(id), 'basics', inBank)
    found = (await operator().mastery(id)).modules.find(
      one => one.module === 'basics' && one.source === 'state',
    )?.mastery
  }
  const ok = found !== undefined && Math.abs(found - expected) < 1e-9
  return { ok, measured: `stored ${found?.toFixed(3) ?? 'nothing'}, recomputed ${expected.toFixed(3)}` }
}

export default [
  defineCheck({
    id: 'mastery.recomputed',
    claim: 'the stored mastery equals the one recomputed from the history, to 1e-9',
    fault: 'state-corrupted',
    run: stored,
  }),
]
