import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { readMessage } from '../triage/message.ts'

const Phrases = z.strictObject({ besides: z.array(z.string()), phrases: z.array(z.string()).min(1) })

const { besides, phrases } = Phrases.parse(parse(readFileSync(new URL('stuck.yaml', import.meta.url), 'utf8')))
const lookAlikes = new RegExp(besides.join('|'), 'gu')
const stuck = new RegExp(phrases.join('|'), 'mu')
const quoted = /"[^"\n]{1,300}"|“[^”\n]{1,300}”/gu

/** Whether the writer of a message says that they are stuck or do not understand. Code and quotations do not count. */
export function saysStuck(text: string): boolean {
  const said = readMessage(text)
    .prose.replaceAll(/[’‘`´]/g, "'")
    .replace(quoted, ' ')
    .replace(lookAlikes, ' ')
  return stuck.test(said)
}
