import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import type { Edit, Explanation } from '../explanation.ts'
import { filled, placesIn, runtimeClasses, type RuntimeClass } from './classes.ts'
import type { Facts, Finding } from './facts.ts'

const Texts = z.strictObject({
  made: z.record(z.string(), z.string()),
  values: z.string(),
  tried: z.string(),
  none: z.strictObject({ title: z.string(), cause: z.string(), question: z.string() }),
  'not-parsed': z.strictObject({ title: z.string(), cause: z.string(), question: z.string() }),
})

/** How many values are told, and how long each may be. */
const maxValues = 6
const maxValue = 80

let known: z.infer<typeof Texts> | undefined
const texts = (): z.infer<typeof Texts> =>
  (known ??= Texts.parse(parse(readFileSync(join(import.meta.dirname, 'texts.yaml'), 'utf8'))))

/** The answer about a program that ends without an error. */
export const noError = (): Explanation => ({ class: 'none', ...texts().none, line: 1, column: 1 })

/** The answer about a program that cannot be run, because it cannot be read. */
export function notParsed(facts: Facts): Explanation {
  const message = `${facts.type ?? 'SyntaxError'}: ${facts.message ?? ''}`
  const { title, cause, question } = texts()['not-parsed']
  return { class: 'not-parsed', title, cause: filled(cause, { message }), question, line: 1, column: 1 }
}

/** The class for what has none of its own; its text needs nothing but the exception's. */
const fallback = 'other-error'

/** The finding's class, or the one of everything else where something that its text needs is not known. */
function classOf(finding: Finding, params: Readonly<Record<string, string>>): [string, RuntimeClass] {
  for (const id of [finding.class, fallback]) {
    const about = runtimeClasses().get(id)
    if (about === undefined) throw new RangeError(`the class ${id} is not there`)
    const places = placesIn(about.cause + about.advice + about.question)
    if (places.every(name => params[name] !== undefined)) return [id, about]
  }
  throw new RangeError(`the class ${fallback} needs more than the exception`)
}

/** A finding in words, at the place it names. @throws RangeError when the class or a text is not there. */
export function told(finding: Finding, facts: Facts, edit: Edit | undefined): Explanation {
  const { line } = finding
  const [type, message] = [facts.type ?? '', facts.message ?? '']
  const params = { error: type, message, text: `line ${line}`, inside: '', ...finding.params, line: `${line}` }
  const [id, about] = classOf(finding, params)
  const values = { ...seenBy(about, params), ...valuesOf(facts) }
  const said = Object.entries(values).map(([name, text]) => `\`${name}\` = ${text}`)
  const sentences = [
    filled(about.cause, params),
    finding.made === undefined ? '' : madeText(finding.made),
    said.length === 0 ? '' : filled(texts().values, { values: said.join(', ') }),
  ]
  const advice = [filled(about.advice, params), edit === undefined ? '' : texts().tried]
  return {
    class: id,
    title: about.title,
    cause: joined(sentences),
    advice: joined(advice),
    question: filled(about.question, params),
    line,
    column: finding.column,
    python_message: `${type}: ${message}`.slice(0, 500),
    ...(said.length === 0 ? {} : { values }),
    ...(finding.made === undefined ? {} : { made: { line: finding.made.line, text: finding.made.text } }),
    ...(edit === undefined ? {} : { edit }),
  }
}

const joined = (sentences: readonly string[]): string =>
  sentences
    .filter(one => one !== '')
    .join(' ')
    .replaceAll(
      /\b([Aa]) (?=(?:int|itertools|enumerate|OrderedDict|array|async|odict|object|[AEIOU][a-z]+)\b)/gu,
      '$1n ',
    )

function madeText(made: NonNullable<Finding['made']>): string {
  const text = texts().made[made.why]
  if (text === undefined) throw new RangeError(`texts.yaml lacks made.${made.why}`)
  return filled(text, { line: `${made.line}`, text: made.text, detail: made.detail })
}

/** The values of the crash line that tell something: no functions and modules, names before what is made of them. */
function valuesOf(facts: Facts): Record<string, string> {
  const frame = facts.frames.at(-1)
  const onLine = (frame?.values ?? []).filter(one => !one.builtin && tells(one))
  const telling = onLine.length > 0 ? onLine : named({ ...frame?.names }, facts.globals)
  const sorted = telling.toSorted((one, other) => one.expression.length - other.expression.length)
  const distinct = new Map(sorted.map(one => [one.expression, short(one.text)]))
  return Object.fromEntries([...distinct].slice(0, maxValues))
}

/** A value that follows from the error, of an expression with a name in it: what a literal is needs no telling. */
function seenBy({ seen }: RuntimeClass, params: Readonly<Record<string, string>>): Record<string, string> {
  const expression = seen === undefined ? '' : filled(seen.of, params)
  return seen !== undefined && /^(?!(?:the|an?) )[\p{L}_]/u.test(expression)
    ? { [expression]: filled(seen.value, params) }
    : {}
}

const tells = (value: { callable: boolean; type: string }): boolean => !value.callable && value.type !== 'module'

/** The names of the function, or of the program where it has none. */
function named(...scopes: readonly Facts['globals'][]): { expression: string; text: string }[] {
  const scope = scopes.find(names => Object.values(names).some(tells)) ?? {}
  return Object.entries(scope)
    .filter(([, value]) => tells(value))
    .map(([expression, { text }]) => ({ expression, text }))
}

const short = (text: string): string => (text.length <= maxValue ? text : `${text.slice(0, maxValue)}...`)
