import * as z from 'zod'
import { masteryUpdated } from './events.ts'
import type { Module } from './words.ts'

/**
 * `student:{student_id}:mastery:{date}:{component}`, braces literal: a student's keys share one Redis Cluster hash
 * slot. `date` is UTC, or `latest`.
 */
export function masteryKey(studentId: string, component: Module, date: string = 'latest'): string {
  return `student:{${studentId}}:mastery:${date}:${component}`
}

/** The value under a mastery key; `computed_at` decides which of two writers wins. */
export const StoredMastery = z.looseObject({
  ...masteryUpdated.schema.shape.data.shape,
  computed_at: z.iso.datetime({ precision: 3 }),
})
export type StoredMastery = z.infer<typeof StoredMastery>
