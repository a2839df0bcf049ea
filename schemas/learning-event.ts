import * as z from 'zod'
import * as exported from './events.ts'

type Exported = (typeof exported)[keyof typeof exported]
/** The exports of `events.ts` that were made by `cloudEvent`. */
type EventDefinition = Extract<Exported, { schema: unknown }>

const isEvent = (value: Exported): value is EventDefinition => 'schema' in value && 'of' in value

/** Every event type that `events.ts` exports, by name. */
export const eventTypes: ReadonlyMap<EventType, EventDefinition> = new Map(
  Object.values(exported)
    .filter(isEvent)
    .map(event => [event.type, event]),
)

type Schema = EventDefinition['schema']
const schemas = Array.from(eventTypes.values(), ({ schema }): Schema => schema)

/** Any event of `learning.events`. */
export const LearningEvent = z.discriminatedUnion('type', schemas as [Schema, ...Schema[]])
export type LearningEvent = z.infer<Schema>
export type EventType = LearningEvent['type']
export type EventOf<Type extends EventType> = Extract<LearningEvent, { type: Type }>

/** The id of the request that an event belongs to, if any: submissions and questions are requests. */
export function requestOf({ type, data }: LearningEvent): string | undefined {
  if (type === 'submission.received') return data.submission_id
  return type === 'question.asked' || type === 'question.routed' ? data.request_id : undefined
}
