import { applyEdits, modify, parse as parseJson, type ParseError, parseTree } from 'jsonc-parser'
import { parse as parseToml, stringify as stringifyToml } from 'smol-toml'
import { parseDocument } from 'yaml'

/** How one server's entry is kept in a host's file. Every function leaves the rest of the text as it is. */
export interface Format {
  /** The entry under our name, or undefined. @throws Error for a file that cannot be parsed. */
  find(text: string): unknown
  add(text: string): string
  remove(text: string): string
  /** The entry as we write it. */
  entry: unknown
}

const name = 'learnflow'
const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' }

const mark = '\ufeff'

/** The format for files that may begin with a byte order mark, which some editors write: it stays where it is. */
export function keepingMark({ entry, find, add, remove }: Format): Format {
  const apart = (text: string): [string, string] => (text.startsWith(mark) ? [mark, text.slice(1)] : ['', text])
  const around = (change: (text: string) => string) => (text: string) => {
    const [first, rest] = apart(text)
    return `${first}${change(rest)}`
  }
  return { entry, find: text => find(apart(text)[1]), add: around(add), remove: around(remove) }
}

/** JSON, also with comments, under `section`. */
export function jsonEntry(section: string, entry: object): Format {
  const change = (text: string, value: unknown): string =>
    applyEdits(text, modify(text, [section, name], value, { formattingOptions }))
  return {
    entry,
    find(text) {
      if (text.trim() === '') return undefined
      const errors: ParseError[] = []
      const value = parseJson(text, errors, { allowTrailingComma: true }) as Record<
        string,
        Record<string, unknown> | undefined
      >
      if (errors.length > 0 || parseTree(text)?.type !== 'object') throw new Error('it is not a JSON object')
      return value[section]?.[name]
    },
    add: text => (text.trim() === '' ? `${change('{}', entry)}\n` : change(text, entry)),
    remove: text => change(text, undefined),
  }
}

const tables = (text: string, section: string): Record<string, unknown> =>
  (parseToml(text)[section] ?? {}) as Record<string, unknown>

/** TOML: a table of its own at the end, since no TOML writer keeps comments. */
export function tomlEntry(section: string, entry: object): Format {
  const block = stringifyToml({ [section]: { [name]: entry } }).trim()
  return {
    entry,
    find: text => tables(text, section)[name],
    add(text) {
      const added = `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${text === '' ? '' : '\n'}${block}\n`
      // A section written in one line cannot be extended: then this throws, and nothing is written.
      parseToml(added)
      return added
    },
    remove: text =>
      text.replace(new RegExp(`\\n?^\\[${section}\\.${name}\\][^\\n]*\\n(?:(?!\\[)[^\\n]*\\n?)*`, 'm'), ''),
  }
}

/** YAML; comments are kept. */
export function yamlEntry(section: string, entry: object): Format {
  const documentOf = (text: string) => {
    const document = parseDocument(text)
    if (document.errors.length > 0) throw new Error(document.errors[0]?.message.split('\n')[0] ?? 'it is not YAML')
    return document
  }
  return {
    entry,
    find: text => (documentOf(text).toJS() as Record<string, Record<string, unknown> | null> | null)?.[section]?.[name],
    add(text) {
      const document = documentOf(text)
      if (!document.hasIn([section]) || document.getIn([section]) === null)
        document.setIn([section], document.createNode({}))
      document.setIn([section, name], document.createNode(entry))
      return document.toString({ lineWidth: 0 })
    },
    remove(text) {
      const document = documentOf(text)
      document.deleteIn([section, name])
      return document.toString({ lineWidth: 0 })
    },
  }
}
