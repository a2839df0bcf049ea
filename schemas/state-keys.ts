import type { Module } from './words.ts'

/** `student:{student_id}:mastery:{date}:{component}`, braces literal: a student's keys share one Redis Cluster hash slot. `date` is UTC, or `latest`. */
export function masteryKey(studentId: string, component: Module, date: string = 'latest'): string {
  return `student:{${studentId}}:mastery:${date}:${component}`
}
