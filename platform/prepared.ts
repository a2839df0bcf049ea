import { topics } from '../schemas/topics.ts'
import { PlatformError } from './errors.ts'
import { pendingMigrations } from './history/migrate.ts'
import { demandFixed, topicFaults } from './log/topic-faults.ts'
import type { EventLog } from './ports/event-log.ts'
import type { History } from './ports/history.ts'

interface Stores {
  history: History
  log: EventLog
}

/** What preparing has changed: the migrations applied, and the topics that were made. */
export interface Prepared {
  applied: string[]
  topics: string[]
}

/**
 * Migrates the history and makes or corrects the topics; may be repeated.
 * @throws CHECK_FAILED when a topic cannot be corrected in place; DATA_FOLDER_NEWER, DEPENDENCY_DOWN
 */
export async function prepareStores({ history, log }: Stores): Promise<Prepared> {
  const { applied } = await history.migrate()
  const made: string[] = []
  for (const topic of topics) if ((await log.createTopic(topic)) === 'created') made.push(topic.name)
  demandFixed(topicFaults(await log.topics()))
  return { applied, topics: made }
}

/** @throws DEPENDENCY_DOWN while the stores are not prepared for this version; DATA_FOLDER_NEWER for a later one's. */
export async function demandPrepared({ history, log }: Stores): Promise<void> {
  const pending = await pendingMigrations(history.db)
  const present = new Set((await log.topics()).map(({ name }) => name))
  const lacking = topics.filter(({ name }) => !present.has(name)).map(({ name }) => `the topic ${name}`)
  const [first] = pending
  if (first !== undefined)
    lacking.unshift(pending.length === 1 ? `the migration ${first}` : `${pending.length} migrations from ${first} on`)
  if (lacking.length === 0) return
  throw new PlatformError('DEPENDENCY_DOWN', `the engines are not prepared: ${lacking.join(', ')} are missing`, {
    hint: 'learnflow migrate prepares them; LEARNFLOW_MIGRATE is off for this process.',
  })
}
