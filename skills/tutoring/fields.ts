import * as z from 'zod'
import { StudentId } from '../../schemas/words.ts'

/** The student on whose behalf something is done. */
export const student = StudentId.optional().describe('who asks')

/** The teacher on whose behalf something is done. */
export const teacher = StudentId.optional().describe('who does it; else an operator')

/** How many are shown at most. */
export const limit = (preset: number) => z.int().min(1).max(9_999).default(preset).describe('at most so many')
