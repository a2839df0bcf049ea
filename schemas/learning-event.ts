import * as z from 'zod'
import * as exported from './events.ts'

type Exported = (typeof exported)[keyof typeof exported]
/** What `cloudEvent` made, of all that `events.ts` exports. */
type EventDefinition = Extract<Exported, { schema: unknown }>

const isEvent = (value: Exported): value is EventDefinition => 'schema' in value && 'of' in value

/** Every event type, by name: each that `events.ts` exports. */
export const eventTypes: ReadonlyMap<EventType, EventDefinition> = new Map(
  Object.values(exported)
    .filter(isEvent)
    .map(event => [event.type, event]),
)

type Schema = EventDefinition['schema']
const schemas = Array.from(eventTypes.values(), ({ schema }): Schema => schema)

/** Anything that may stand on `learning.events`. */
export const LearningEvent = z.discriminatedUnion('type', schemas as [Schema, ...Schema[]])
export type LearningEvent = z.infer<Schema>
export type EventType = LearningEvent['type']
export type EventOf<Type extends EventType> = Extract<LearningEvent, { type: Type }>
