import * as z from 'zod'
import { refusalOf } from '../../../api/client.ts'
import { QuizAnswer, QuizAnswerRequest } from '../../../schemas/api-quizzes.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'

const answer = defineScript({
  about: 'Answers a question of a quiz and says why the right answer is right. The first answer counts: no undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    quiz: z.uuid().describe('which quiz').meta({ positional: true }),
    question: QuizAnswerRequest.shape.question.describe('its number').meta({ positional: true }),
    answer: QuizAnswerRequest.shape.answer.describe('b, c a b, or 2: x = 1').meta({ positional: true }),
    student,
  }),
  output: QuizAnswer.nullable(),
  async run({ quiz, question, answer: given, student: wanted }, { config, dryRun, line }) {
    const { id, client } = await callerAs(config, wanted)
    const plan = [`answer question ${question} of ${quiz} as ${id}`]
    if (dryRun) return { changed: 1, summary: `an answer of ${id}`, data: null, plan }
    const reply = await client.raw('POST', `/api/v1/quizzes/${quiz}/answers`, { body: { question, answer: given } })
    if (reply.status >= 400) throw refusalOf(reply)
    const data = QuizAnswer.parse(reply.body)
    const { right, right_answer, explanation, counted, left, score } = data
    const said = right ? 'right' : `wrong, right is ${right_answer}`
    const rest = score === null ? `${left} to go` : `${Math.round(score * 100)} % of the quiz right`
    const earlier = counted ? '' : ' (answered before: the first answer counts)'
    for (const part of explanation.split('\n')) line(part)
    return { changed: counted ? 1 : 0, summary: `${said}${earlier}; ${rest}`, data }
  },
})
export default answer
if (import.meta.main) await runAsMain(import.meta, answer)
