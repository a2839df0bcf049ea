import type { StoredNote } from '../../schemas/note.ts'
import { codes, type FeedbackCode } from './codes.ts'

/** Something a learner should know about a program, as data that is stored; `texts.ts` turns it into words. */
export type Note = StoredNote & { code: FeedbackCode }
export type Param = StoredNote['params'][string]

type Names<Code extends FeedbackCode> = (typeof codes)[Code]['params'][number]
type Needs<Code extends FeedbackCode> = { readonly [Name in Names<Code>]: Name extends 'line' ? number : Param }
type Arguments<Code extends FeedbackCode> = [Names<Code>] extends [never] ? [] : [needs: Needs<Code>]

/** A note with the params of its code. `line` is stored in the note itself, the rest in its params. */
export function note<Code extends FeedbackCode>(code: Code, ...[needs]: Arguments<Code>): Note {
  const { line, ...params } = (needs ?? {}) as Record<string, Param> & { line?: number }
  return { code, params, ...(line === undefined ? {} : { line }), severity: codes[code].severity }
}

/** Equal for notes with the same content. */
export const noteKey = ({ code, params, line }: Note): string => JSON.stringify([code, params, line])

/** The notes without duplicates, in their order. */
export const distinctNotes = (notes: readonly Note[]): Note[] => [
  ...new Map(notes.map(one => [noteKey(one), one] as const)).values(),
]
