import { defineAgent } from '../agent.ts'
import { answersAs } from '../answer.ts'

/** Reviews programs: what could be simpler, clearer, cheaper or safer, and what is good. */
export default defineAgent({
  name: 'review',
  concurrency: 4,
  answersQuestions: true,
  insteadOfAnAnswer: 'learnflow tutor review FILE reviews a program.',
  consumes: { 'question.routed': answersAs('review') },
})
