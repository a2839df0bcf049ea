import { defineAgent } from '../agent.ts'
import { answersAs } from '../answer.ts'

/** Explains the concepts of Python: what a thing is, how two things differ, why something is so. */
export default defineAgent({
  name: 'concepts',
  concurrency: 8,
  answersQuestions: true,
  insteadOfAnAnswer: 'GET /api/v1/exercises has exercises on each concept.',
  consumes: { 'question.routed': answersAs('concepts') },
})
