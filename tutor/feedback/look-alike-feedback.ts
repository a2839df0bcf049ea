import type { PythonValue } from '../../platform/ports/python-value.ts'
import type { PythonError, Sandbox } from '../../platform/ports/sandbox.ts'
import { itemsOf, textOf } from '../python/scripts.ts'
import { stringText } from '../python/repr.ts'
import {
  type LookAlike,
  lookAlikeInName,
  lookAlikeOfSyntax,
  lookAlikeShown,
  lookAlikeTwin,
  type Twin,
  twinOf,
} from '../program/look-alikes.ts'
import { type Note, note } from './note.ts'

/** What Unicode calls each character of each text, as `U+00A0 NO-BREAK SPACE`. */
async function namesOf(texts: readonly string[], sandbox: Sandbox): Promise<string[]> {
  const code = 'import unicodedata\ndef name(c): return f"U+{ord(c):04X} {unicodedata.name(c, str())}".strip()'
  const call = `[" and ".join(map(name, text)) for text in [${texts.map(text => stringText(text)).join(', ')}]]`
  const { calls } = await sandbox.run({ code, calls: [{ call }], trusted: true })
  return itemsOf(calls[0]?.value).map(textOf)
}

/** The note on a character of a program that looks like the one that was meant. */
async function noteOn({ character, meant, line, column }: LookAlike, sandbox: Sandbox): Promise<Note> {
  const [name = ''] = await namesOf([character], sandbox)
  return meant === ''
    ? note('look-alike-invisible', { character: name, line, column })
    : note('look-alike', {
        character: `${character} (${name})`,
        meant: meant === ' ' ? 'a blank' : meant,
        line,
        column,
      })
}

/** The look-alike behind a SyntaxError, a name that nothing defines, or a text that an error shows. */
export async function lookAlikeOf(code: string, error: PythonError, sandbox: Sandbox): Promise<Note[]> {
  const isSyntax = /^(?:SyntaxError|IndentationError|TabError)$/.test(error.type)
  const name = /^name '(.+?)' is not defined/.exec(error.message)?.[1]
  const found = isSyntax
    ? lookAlikeOfSyntax(code, error)
    : error.type === 'NameError' && name !== undefined
      ? (lookAlikeInName(code, name, []) ?? lookAlikeTwin(code, name))
      : lookAlikeShown(code, error.message)
  return found === undefined ? [] : [await noteOn(found, sandbox)]
}

/** The look-alike in a name that a program defines in place of one that it must define. */
export async function lookAlikeDefined(
  code: string,
  { entry, defined }: { entry: readonly string[]; defined: readonly string[] },
  sandbox: Sandbox,
): Promise<Note[]> {
  const found = defined
    .filter(name => !entry.includes(name))
    .map(name => lookAlikeInName(code, name, entry))
    .find(one => one !== undefined)
  return found === undefined ? [] : [await noteOn(found, sandbox)]
}

/** The first texts of two values that look the same and are not. */
function twinIn(got: PythonValue, expected: PythonValue): Twin | undefined {
  if (got.kind === 'str' && expected.kind === 'str') return twinOf(got.value, expected.value)
  if (!('items' in got) || !('items' in expected) || got.items.length !== expected.items.length) return undefined
  for (const [at, item] of got.items.entries()) {
    const other = expected.items[at]
    const found = other === undefined ? undefined : twinIn(item, other)
    if (found !== undefined) return found
  }
  return undefined
}

/** Where a text of a shown test only looks like the expected one. */
export async function twinNote(
  pairs: readonly (readonly [got: PythonValue, expected: PythonValue])[],
  sandbox: Sandbox,
): Promise<Note[]> {
  const twin = pairs.map(([got, expected]) => twinIn(got, expected)).find(one => one !== undefined)
  if (twin === undefined) return []
  const [got = '', expected = ''] = await namesOf([twin.got, twin.expected], sandbox)
  const { row, column } = twin
  return [note('text-look-alike', { row, column, got: got || 'the end', expected: expected || 'the end' })]
}
