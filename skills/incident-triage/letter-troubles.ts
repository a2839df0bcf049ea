import { readLetters, type LetterPorts } from '../../platform/log/dead-letters.ts'
import { sortForReplay } from '../../platform/log/replay-letters.ts'
import type { Letter } from '../../schemas/dead-letter.ts'
import { counted, type Finding } from './finding.ts'

/** Dead letters that wait, by code; those that checks have made on purpose are no trouble. */
export async function letterTroubles(ports: LetterPorts): Promise<Finding[]> {
  const letters = await readLetters(ports, { state: 'waiting', synthetic: false })
  return [...Map.groupBy(letters, ({ code }) => code)].map(([code, some]) => ({
    code: 'CHECK_FAILED',
    cause: `${some.length} dead letters with ${code}`,
    evidence: `${counted(Object.fromEntries([...Map.groupBy(some, ({ group }) => group)].map(([name, own]) => [name, own.length])))}: ${some[0]?.message.slice(0, 160) ?? ''}`,
    fix: fixOf(code, some),
  }))
}

/** What is no event of ours stays so however often it is given to an agent; the others go once their cause is mended. */
function fixOf(code: string, letters: readonly Letter[]): string {
  const { good } = sortForReplay(letters)
  const [first] = good
  if (first === undefined) return `learnflow kafka-topics discard --code ${code}`
  const mend =
    code === 'EXERCISE_FAULTY'
      ? `learnflow tutor check the exercise ${exerciseIn(first.value)}, mend it`
      : first.hint.slice(0, 100)
  return `${mend}; then learnflow kafka-topics replay --code ${code}`
}

const exerciseIn = (value: string): string => /"exercise_id"\s*:\s*"([a-z0-9-]+)"/.exec(value)?.[1] ?? ''
