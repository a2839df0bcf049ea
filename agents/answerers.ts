import type { Intent } from '../schemas/words.ts'
import type { AgentPorts } from './agent.ts'
import type { Asked } from './asked.ts'
import { explainTopic } from './concepts/explain-topic.ts'
import { diagnose } from './debug/diagnose.ts'
import { offerFor } from './exercise/offer.ts'
import { nowOf } from './progress/now.ts'
import { standingOf } from './progress/standing.ts'
import { reviewAsked } from './review/review-asked.ts'

type Answer = (ports: AgentPorts, asked: Asked) => Promise<{ text: string }>
/** The intents that an agent answers. */
export type Answerer = keyof typeof answerers

/** What answers each intent, whichever agent got the question. */
export const answerers = {
  concepts: async ({ history: { db }, bank }, asked) => explainTopic({ db, bank }, asked),
  debug: async ({ history: { db }, bank, sandbox }, asked) => diagnose({ db, bank, sandbox }, asked),
  review: async ({ history: { db }, bank, sandbox }, asked) => reviewAsked({ db, bank, sandbox }, asked),
  exercise: async ({ history: { db }, bank }, asked) => {
    await bank.refresh()
    return offerFor(db, bank, asked)
  },
  progress: async ({ history: { db }, bank }, { studentId }) => standingOf(db, bank, studentId, await nowOf(db)),
} satisfies Partial<Record<Intent, Answer>>
