import * as z from 'zod'
import { StudentId } from '../../schemas/words.ts'

/** The student on whose behalf something is done. */
export const student = StudentId.optional().describe('who asks')

/** The operator or teacher who changes an exercise. */
export const owner = StudentId.optional()
export const firstOwner = 'operator-1'

/** How many are shown at most. */
export const limit = (preset: number) => z.int().min(1).max(9_999).default(preset).describe('at most so many')
