import * as z from 'zod'
import type { Script } from '../skills/definition.ts'
import { scriptOf, shortNames } from '../skills/short-names.ts'
import { type Catalogue, toolOf } from './catalog.ts'

interface Field {
  type?: string
  positional?: boolean
}

/** A word of a command: quoted, a flag, or whatever has no space, without the punctuation of the sentence after it. */
const word = /"[^"]*"|[^\s`"]*[^\s`".,;:)]/gy
const command = /`?learnflow (?=[a-z-])/g
/** What is an argument in the middle of a sentence: a placeholder, a quotation, or what is no plain word. */
const isArgument = (text: string): boolean => /^"|^[A-Z][A-Z_]+$|[\d_./{]/.test(text)

/**
 * Advice in the words of this server: `learnflow up --port 0` is `change platform-up/up {"port":0}`. A command stays as
 * it is where no tool has it: it is no operation, needs another data folder, or changes while this server only reads.
 */
export async function advised(catalogue: Catalogue, text: string, readOnly: boolean): Promise<string> {
  let [said, done] = ['', 0]
  for (const { index, 0: opening } of text.matchAll(command)) {
    if (index < done) continue
    const quoted = opening.startsWith('`')
    const found = await readCommand(catalogue, text, index + opening.length, quoted)
    if (found === undefined || (readOnly && found.call.startsWith('change'))) continue
    said += `${text.slice(done, index)}${quoted ? '`' : ''}${found.call}`
    done = found.end
  }
  return said + text.slice(done)
}

/** The call that a command stands for, and where the command ends. */
async function readCommand(catalogue: Catalogue, text: string, from: number, quoted: boolean) {
  const words = wordsAt(text, from)
  const { id, used } = operationOf(
    words.map(({ text }) => text),
    quoted,
  )
  if (!catalogue.ops.includes(id)) return undefined
  const { script } = await catalogue.get(id)
  const fields = fieldsOf(script)
  const places = [...fields].filter(([, { positional }]) => positional === true)
  const args: Record<string, unknown> = {}
  let [dry, help, end] = [false, false, words[used - 1]?.end ?? from]
  for (let at = used; at < words.length; at += 1) {
    const { text: given = '', end: after = 0 } = words[at] ?? {}
    if (given.startsWith('--')) {
      const name = given.slice(2).replaceAll('-', '_')
      const [field, off] = [fields.get(name), fields.get(name.replace(/^no_/, ''))]
      if (name === 'dry_run') dry = true
      else if (name === 'help') help = true
      else if (field?.type === 'boolean') args[name] = true
      else if (off?.type === 'boolean') args[name.slice(3)] = false
      else if (field !== undefined && words[at + 1] !== undefined)
        args[name] = argumentOf(words[(at += 1)]?.text ?? '', field)
      else return undefined
      end = words[at]?.end ?? after
    } else {
      const isNeeded = places.length > 0 && !script.input.shape[places[0]?.[0] ?? '']?.safeParse(undefined).success
      if (!quoted && !isArgument(given) && !isNeeded) break
      const [name, field] = places.shift() ?? []
      if (name === undefined || field === undefined) break
      args[name] = argumentOf(given, field)
      end = after
    }
  }
  const tool = help ? 'find' : toolOf(script.effect)
  const shown = Object.keys(args).length === 0 ? '' : ` ${JSON.stringify(args)}`
  return { call: `${tool} ${id}${shown}${dry ? ' with dry_run' : ''}`, end }
}

/** The words from here to the end of the sentence, the command or the text. */
function wordsAt(text: string, from: number): { text: string; end: number }[] {
  const words: { text: string; end: number }[] = []
  for (let at = from; ;) {
    word.lastIndex = at
    const found = word.exec(text)
    if (found === null) return words
    const end = found.index + found[0].length
    words.push({ text: found[0], end })
    if (text[end] !== ' ') return words
    at = end + 1
  }
}

/** The operation that a command names, by its own name or a short one, and how many of its words do that. */
function operationOf(words: readonly string[], quoted: boolean): { id: string; used: number } {
  const [first = '', second = ''] = words
  const short = Object.hasOwn(shortNames, first) ? shortNames[first] : undefined
  if (short === undefined) return { id: `${first}/${second}`, used: 2 }
  const argv = quoted || isArgument(second) || Object.hasOwn(short.instead ?? {}, second) ? [second] : []
  const { id, rest } = scriptOf(
    short,
    argv.filter(one => one !== ''),
  )
  return { id, used: rest.length < argv.length && second !== '' ? 2 : 1 }
}

function fieldsOf(script: Script): Map<string, Field> {
  const { properties = {} } = z.toJSONSchema(script.input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Field>
  }
  return new Map(Object.entries(properties))
}

const argumentOf = (given: string, field: Field): unknown =>
  field.type === 'array' ? [valueOf(given, {})] : valueOf(given, field)

/** A typed word as the value that it stands for. */
function valueOf(given: string, { type }: Field): unknown {
  const text = given.replace(/^"(.*)"$/, '$1')
  const isNumber = (type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(text)
  return isNumber ? Number(text) : text
}
