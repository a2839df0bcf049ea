/** A text as PostgreSQL can store it: U+FFFD stands for a NUL byte and for half of a surrogate pair. */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

/** JSON for a `jsonb` column. What a student's program printed, returned or raised may hold what such a column refuses. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}
