import * as z from 'zod'
import { refusalOf } from '../../../api/client.ts'
import { maxQuestions, Quiz, type QuizQuestion } from '../../../schemas/api-quizzes.ts'
import { ExerciseId, text } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'
import { counted } from '../../../schemas/counted.ts'

const quiz = defineScript({
  about: 'Makes a quiz, else of what was done last. It stays: no undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    topic: text(1, 200).optional().describe('concept or module'),
    exercise: ExerciseId.optional().describe('which exercise'),
    questions: z.int().min(1).max(maxQuestions).default(5).describe('how many'),
    key: z.string().min(1).optional().describe('makes it once'),
    show: z.uuid().optional().describe('which one to show'),
    student,
  }),
  output: Quiz.nullable(),
  async run({ topic, exercise, questions, key, show, student: wanted }, { config, dryRun, line }) {
    const { id, client } = await callerAs(config, wanted)
    if (show === undefined && dryRun)
      return { changed: 1, summary: `a quiz for ${id}`, data: null, plan: [`make a quiz for ${id}`] }
    const body = {
      questions,
      ...(topic === undefined ? {} : { topic }),
      ...(exercise === undefined ? {} : { exercise_ids: [exercise] }),
    }
    const reply =
      show === undefined
        ? await client.raw('POST', '/api/v1/quizzes', {
            body,
            ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
          })
        : await client.raw('GET', `/api/v1/quizzes/${show}`)
    if (reply.status >= 400) throw refusalOf(reply)
    const data = Quiz.parse(reply.body)
    for (const question of data.questions) for (const part of shown(question)) line(part)
    const count = counted(data.questions.length, 'question')
    const score = data.score === null ? '' : `, ${Math.round(data.score * 100)} % right`
    return {
      changed: show === undefined ? 1 : 0,
      summary: `quiz ${data.quiz_id} (${data.module}), ${count}${score}`,
      data,
    }
  },
})

/** A question as lines. */
function shown({ question, text: asked, code, stdin, choices, judged }: QuizQuestion): string[] {
  return [
    `${question}. ${asked}`,
    ...(code === null ? [] : [code]),
    ...(stdin === null || stdin === '' ? [] : [`typed in: ${stdin}`]),
    ...choices.map(choice => `${choice.label}) ${choice.text}`),
    ...(judged === null ? [] : [`${judged.right ? 'right' : 'wrong'}: ${judged.answer}`]),
  ].flatMap(part => part.split('\n'))
}
export default quiz
if (import.meta.main) await runAsMain(import.meta, quiz)
