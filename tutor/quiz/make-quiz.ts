import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { type QuestionKind, questionKinds } from '../../schemas/api-quizzes.ts'
import { randomFrom } from '../exercise/generate-inputs.ts'
import { fixLine } from './fix-line.ts'
import type { Material } from './material.ts'
import { multipleChoice } from './multiple-choice.ts'
import { orderLines } from './order-lines.ts'
import { predictOutput } from './predict-output.ts'
import { type Question, shuffled } from './question.ts'

type Maker = (material: Material, random: () => number, sandbox: Sandbox) => Promise<Question | undefined>

const makers: Readonly<Record<QuestionKind, Maker>> = {
  multiple_choice: multipleChoice,
  predict_output: predictOutput,
  order_lines: orderLines,
  fix_line: fixLine,
}
/** Whether a kind can be made of a program at all: a line is mended, and lines are ordered, of what is right. */
const suits = (kind: QuestionKind, { exercise, right }: Material): boolean =>
  exercise === undefined ? kind !== 'fix_line' : right || (kind !== 'fix_line' && kind !== 'order_lines')

/** For each question that is wanted, so many are tried. */
const tries = 8

/**
 * At most `count` questions, fewer where the programs give no more: the kinds take turns, and so do the programs, what
 * stands first in `materials` first. A pure function of the programs and the seed. Each key was proven by runs.
 * @throws SANDBOX_CRASHED, DEPENDENCY_DOWN, TOO_MANY_REQUESTS
 */
export async function makeQuiz(
  materials: readonly Material[],
  { count, seed }: { count: number; seed: string },
  sandbox: Sandbox,
): Promise<Question[]> {
  const turns = shuffled(questionKinds, randomFrom(`kinds ${seed}`))
  const waiting = new Map(turns.map(kind => [kind, materials.filter(one => suits(kind, one))]))
  const used = new Map<string, number>()
  const questions: Question[] = []
  for (let tried = 0; tried < count * tries && questions.length < count; tried += 1) {
    const kind = turns.find(one => (waiting.get(one)?.length ?? 0) > 0)
    if (kind === undefined) break
    const material = takeLeastUsed(waiting.get(kind) ?? [], used)
    if (material === undefined) break
    const question = await makers[kind](material, randomFrom(`${kind} ${material.id} ${seed}`), sandbox)
    turns.push(...turns.splice(turns.indexOf(kind), 1))
    if (question === undefined || questions.some(other => isSame(other, question))) continue
    questions.push(question)
    used.set(material.id, (used.get(material.id) ?? 0) + 1)
  }
  return questions
}

/** Takes the program out of which the fewest questions were made; of these the first. */
function takeLeastUsed(materials: Material[], used: ReadonlyMap<string, number>): Material | undefined {
  const usesOf = ({ id }: Material): number => used.get(id) ?? 0
  const fewest = Math.min(...materials.map(usesOf))
  return materials.splice(
    materials.findIndex(one => usesOf(one) === fewest),
    1,
  )[0]
}

const isSame = (one: Question, other: Question): boolean =>
  one.kind === other.kind && one.text === other.text && one.code === other.code
