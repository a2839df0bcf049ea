import * as z from 'zod'
import * as api from './api.ts'
import * as classes from './api-classes.ts'
import * as conversations from './api-conversations.ts'
import * as hints from './api-hints.ts'
import * as notifications from './api-notifications.ts'
import * as quizzes from './api-quizzes.ts'
import * as wishes from './api-wishes.ts'
import { type AvroRecord, avroOf } from './avro.ts'
import { DeadLetter } from './dead-letter.ts'
import { eventTypes } from './learning-event.ts'
import { ExerciseFile, ExerciseTest, Step, Tolerance } from './exercise.ts'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'
import { StoredMastery } from './state-keys.ts'
import { Topic } from './topics.ts'

/**
 * One definition and what is generated from it. `id` is its path without extension, such as `events/submission.graded`.
 */
export interface Definition {
  id: string
  schema: z.ZodType
  json: JsonSchema
  /** Absent for definitions that are sent only as HTTP or YAML. */
  avro?: AvroRecord
}

/** A definition for the log or the state store, with JSON Schema and Avro. */
function stored(id: string, schema: z.ZodType): Definition {
  const json = jsonSchemaOf(schema, id, 'output')
  const [group, name] = id.includes('/') ? (id.split('/') as [string, string]) : ['platform', id]
  return { id, schema, json, avro: avroOf(json, name, `learnflow.${group}`) }
}

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()

/** Every event type, as it stands on `learning.events`. */
export const eventDefinitions: readonly Definition[] = Array.from(eventTypes, ([type, { schema }]) =>
  stored(`events/${type}`, schema),
)

const exported: Readonly<Record<string, unknown>> = {
  ...api,
  ...classes,
  ...conversations,
  ...hints,
  ...notifications,
  ...quizzes,
  ...wishes,
  ExerciseTest,
  Step,
  Tolerance,
}

/** The bodies of the API by name; an exported one is included automatically. */
export const apiBodies: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(exported).flatMap(([name, body]) => (body instanceof z.ZodType ? [[name, body]] : [])),
)

/** All definitions of the platform. An exported event or body is included automatically. */
export const definitions: readonly Definition[] = [
  ...eventDefinitions,
  stored('dead-letter', DeadLetter),
  stored('topic', Topic),
  stored('state/mastery', StoredMastery),
  { id: 'exercise-file', schema: ExerciseFile, json: jsonSchemaOf(ExerciseFile, 'exercise-file', 'input') },
  ...Object.entries(apiBodies).map(([name, body]) => ({
    id: `api/${kebab(name)}`,
    schema: body,
    json: jsonSchemaOf(body, `api/${kebab(name)}`, name.endsWith('Request') ? 'input' : 'output'),
  })),
]
