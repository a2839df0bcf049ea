import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { readMessage } from '../triage/message.ts'

const Language = z.strictObject({
  answer: z.string().includes('{contact}'),
  besides: z.array(z.string()).default([]),
  phrases: z.array(z.string()).min(1),
})

/** As messages are read, with each character in its compatible form. */
const pattern = (sources: readonly string[], flags: string): RegExp =>
  new RegExp(sources.join('|').normalize('NFKC'), `${flags}u`)

const languages = Object.values(
  z.record(z.string(), Language).parse(parse(readFileSync(new URL('phrases.yaml', import.meta.url), 'utf8'))),
)
const besides = pattern(
  languages.flatMap(language => language.besides),
  'g',
)
const answers = languages.map(({ answer, phrases }) => ({ answer, phrases: pattern(phrases, 'm') }))

/** What is quoted is somebody's text that a program is about. */
const quoted = /"[^"\n]{1,300}"|“[^”\n]{1,300}”|«[^»\n]{1,300}»|(?<=^|[\s(])'[^'\n]{1,300}'(?=$|[\s).,;!?])/gu

/**
 * The answer to a message of a person who thinks of suicide or of harming themselves, in its language, with whom to
 * talk to; undefined for any other message. Code and quotations in the message do not count. Never throws.
 */
export function crisisAnswer(text: string, contact: string): string | undefined {
  const said = readMessage(text).prose.replace(quoted, ' ').replace(besides, ' ')
  return answers.find(({ phrases }) => phrases.test(said))?.answer.replace('{contact}', () => contact)
}
