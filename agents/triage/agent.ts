import * as z from 'zod'
import { Program } from '../../schemas/words.ts'
import { route } from './route.ts'

const Question = z.object({ text: z.string(), code: Program.nullish() })

/** What the triage app answers by invocation: a pure function of the message. */
export const triageMethods = {
  route(body: unknown) {
    const { text, code } = Question.parse(body)
    return route(code === null || code === undefined ? text : `${text}\n${code}`)
  },
}
