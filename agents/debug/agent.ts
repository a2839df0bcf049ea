import { defineAgent } from '../agent.ts'
import { answersAs } from '../answer.ts'

/** Finds what is wrong with a program, and says why without giving the solution of an exercise away. */
export default defineAgent({
  name: 'debug',
  concurrency: 8,
  answersQuestions: true,
  insteadOfAnAnswer: 'POST /api/v1/exercises/{id}/hints gives hints for a program.',
  consumes: { 'question.routed': answersAs('debug') },
})
