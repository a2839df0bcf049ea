import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'

const Table = z.strictObject({ passed: z.array(z.string()), failed: z.array(z.string()) })
const table = Table.parse(parse(readFileSync(new URL('claims.yaml', import.meta.url), 'utf8')))
const patterns = {
  passed: table.passed.map(pattern => new RegExp(pattern, 'gu')),
  failed: table.failed.map(pattern => new RegExp(pattern, 'gu')),
}

/** Said right before a phrase, these turn it into its opposite. */
const denied = /\b(?:not|never|no longer|cannot|can't|n't|nor|neither)\b[^.!?]{0,24}$|n't [^.!?]{0,24}$/u

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[\s*_]+/gu, ' ')

/** Whether a text says that something is right, and whether it says that something is wrong. */
function verdictsIn(text: string): { passed: boolean; failed: boolean } {
  const said = plain(text)
  const passed = patterns.passed.flatMap(pattern => [...said.matchAll(pattern)])
  const refuted = passed.filter(({ index }) => denied.test(said.slice(Math.max(0, index - 40), index)))
  return {
    passed: passed.length > refuted.length,
    failed: refuted.length > 0 || patterns.failed.some(pattern => said.search(pattern) !== -1),
  }
}

/** Whether a wording calls right what the answer does not, or wrong what the answer calls right. */
export function changesVerdict(wording: string, answer: string): boolean {
  const [said, given] = [verdictsIn(wording), verdictsIn(answer)]
  return (said.passed && !given.passed) || (said.failed && given.passed && !given.failed)
}
