import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ShownNote, StoredNote } from '../../schemas/note.ts'
import type { Param } from './note.ts'

const folder = join(import.meta.dirname, 'texts')

/** The entry of a code in one language: the text with its placeholders, and the example as written in the file. */
export interface CatalogueEntry {
  text: string
  example: string
}

/** A parsed language file: its entries by code, and its words for types and for values that must not be shown. */
export interface Catalogue {
  entries: ReadonlyMap<string, CatalogueEntry>
  words: ReadonlyMap<string, string>
}

/** The languages that have a file, such as `en`. */
export const languages = (): string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => name.replace('.md', ''))

const read = new Map<string, Catalogue>()

/** The catalogue of a language, read from its file once. @throws ENOENT for a language without a file. */
export function catalogueOf(language: string): Catalogue {
  const known = read.get(language) ?? parseCatalogue(readFileSync(join(folder, `${language}.md`), 'utf8'))
  read.set(language, known)
  return known
}

/**
 * Reads a language file: a `# Words` list, and for each `## code` the first paragraph as its text and the rest as its
 * example.
 */
export function parseCatalogue(markdown: string): Catalogue {
  const entries = new Map<string, CatalogueEntry>()
  const outsideFences = markdown.replaceAll(/^```[^]*?^```$/gm, fence => fence.replaceAll(/^#/gm, '\0'))
  const sections = outsideFences.split(/^(?=#{1,2} )/m).map(section => section.replaceAll('\0', '#'))
  for (const section of sections) {
    const [, code, body] = /^## (\S+)\n([^]*)$/.exec(section) ?? []
    if (code === undefined || body === undefined) continue
    if (entries.has(code)) throw new RangeError(`the code ${code} has two texts`)
    const [text = '', ...example] = body.trim().split('\n\n')
    entries.set(code, { text: text.replaceAll('\n', ' '), example: example.join('\n\n') })
  }
  const list = sections.find(section => section.startsWith('# Words\n')) ?? ''
  const words = new Map([...list.matchAll(/^- (.+?): (.+)$/gm)].map(([, word = '', text = '']) => [word, text]))
  return { entries, words }
}

/** The placeholders of a text: `{name}`, or `{name:type}`, which replaces the name of a Python type by its word. */
export const place = /\{(\w+)(:type)?\}/g

/**
 * The text of a note in a language. @throws RangeError for a code without a text, or a text whose param the note lacks.
 */
export function noteText({ code, params, line }: StoredNote, language = 'en'): string {
  const { entries, words } = catalogueOf(language)
  const entry = entries.get(code)
  if (entry === undefined) throw new RangeError(`there is no text in ${language}.md for the code ${code}`)
  const given: Readonly<Record<string, Param | undefined>> = line === undefined ? params : { ...params, line }
  return entry.text.replaceAll(place, (_, name: string, type: string | undefined) => {
    const value = given[name]
    if (value === undefined) throw new RangeError(`the text of ${code} needs ${name}, which the note lacks`)
    if (value === null) return wordFor(words, 'hidden test')
    return type === undefined ? String(value) : typeWord(words, String(value))
  })
}

/** A note with its text. @throws RangeError as `noteText` does. */
export const shownNote = (note: StoredNote, language = 'en'): ShownNote => ({ ...note, text: noteText(note, language) })

function wordFor(words: Catalogue['words'], word: string): string {
  const text = words.get(word)
  if (text === undefined) throw new RangeError(`the words of the language lack "${word}"`)
  return text
}

const typeWord = (words: Catalogue['words'], type: string): string =>
  words.get(type) ?? wordFor(words, 'any other type').replace('{name}', () => type)
