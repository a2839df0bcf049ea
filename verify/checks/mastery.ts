import type { HistoryPage } from '../../schemas/api.ts'
import { defineCheck, type Probe } from '../check.ts'

const dayMs = 86_400_000

/**
 * The mastery of a module by its definition (0.4 completion, 0.1 consistency, weights of absent components left out),
 * computed from what the API returns for the student.
 */
function recompute({ submissions }: HistoryPage, module: string, inBank: ReadonlySet<string>): number {
  const graded = submissions.flatMap(({ exercise_id, received_at, grades }) => {
    const newest = grades.toSorted((one, other) => other.exercise_version - one.exercise_version)[0]
    return newest?.module === module
      ? [{ exercise_id, day: Math.floor(Date.parse(received_at) / dayMs), passed: newest.verdict === 'passed' }]
      : []
  })
  const passed = new Set(
    graded.filter(grade => grade.passed && inBank.has(grade.exercise_id)).map(grade => grade.exercise_id),
  )
  const days = new Set(graded.map(grade => grade.day))
  const today = Math.floor(Date.now() / dayMs)
  const consistency = [...days].filter(day => day > today - 14).length / Math.min(14, today - Math.min(...days) + 1)
  if (inBank.size === 0) return 100 * consistency
  return (100 * (0.4 * (passed.size / inBank.size) + 0.1 * consistency)) / 0.5
}

async function stored({ client, newStudent }: Probe) {
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
  const expected = recompute(await student.history(id), 'basics', inBank)
  // The progress agent runs after the grade is published, so it gets the time that the requirement allows.
  let found: number | undefined
  for (let tries = 0; tries < 50 && !(found !== undefined && Math.abs(found - expected) < 1e-9); tries += 1) {
    await new Promise(resolve => setTimeout(resolve, 100))
    found = (await student.mastery(id)).modules.find(one => one.module === 'basics' && one.source === 'state')?.mastery
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
