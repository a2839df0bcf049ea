import { createHash } from 'node:crypto'
import * as z from 'zod'
import { masteryUpdated } from './events.ts'
import type { Module } from './words.ts'

/**
 * `student:{student_id}:mastery:{date}:{component}`, braces literal: a student's keys share one Redis Cluster hash
 * slot. `date` is UTC, or `latest`. In the id, all but letters, digits and `._@-` is percent-encoded (RFC 3986); one that
 * becomes too long is hashed.
 */
export function masteryKey(studentId: string, component: Module, date: string = 'latest'): string {
  return `${stateKeysOf(studentId)}mastery:${date}:${component}`
}

/** How every state key of a student begins. */
export const stateKeysOf = (studentId: string): string => `student:{${encoded(studentId)}}:`

/** A store takes keys of 512 characters. */
const longest = 255

/** One word for one id: `%` itself is encoded too, and no encoded id holds the colon of a hash. */
function encoded(id: string): string {
  const word = encodeURIComponent(id)
    .replaceAll('%40', '@')
    .replaceAll(/[!'()*~]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  return word.length <= longest ? word : `sha256:${createHash('sha256').update(id).digest('hex')}`
}

/** The value under a mastery key; `computed_at` decides which of two writers wins. */
export const StoredMastery = z.looseObject({
  ...masteryUpdated.schema.shape.data.shape,
  computed_at: z.iso.datetime({ precision: 3 }),
})
export type StoredMastery = z.infer<typeof StoredMastery>
