/** A text that PostgreSQL can store: U+FFFD replaces NUL bytes and unpaired surrogates. */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

/**
 * JSON for a `jsonb` column, without the characters that such a column refuses; a student's program can print, return
 * or raise them.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}
