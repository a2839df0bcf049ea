import type { Place } from './place.ts'
import { student } from './place.ts'

/** Arguments of Kafka's console producer for records with a key. */
export const producing = (broker: string, topic: string): string[] => [
  '--bootstrap-server',
  broker,
  '--topic',
  topic,
  '--property',
  'parse.key=true',
]

/** Arguments of Kafka's console consumer; it ends when nothing came for `ms`. */
export const consuming = (broker: string, topic: string, ms: number): string[] => [
  '--bootstrap-server',
  broker,
  '--topic',
  topic,
  '--timeout-ms',
  String(ms),
]

/** Whether the submission ended with a program that passed. */
export const isGraded = async (place: Place, submission: string): Promise<boolean> =>
  (await (await place.probe()).client({ student }).ended(submission)).grade?.verdict === 'passed'
