import type { Review } from './review.ts'
import { counted } from '../../schemas/counted.ts'

/** A review for people: the quality, what is good, and each finding with its lines and the edit that was tried. */
export function reviewText({ findings, quality, strength, message }: Review): string {
  const indented = (sign: string, text: string): string[] => text.split('\n').map(line => `    ${sign} ${line}`)
  const count = counted(findings.length, 'finding')
  return [
    message ?? `${count}, quality ${(quality ?? 0).toFixed(2)}`,
    ...(strength === undefined ? [] : [`  ${strength.text}`]),
    ...findings.flatMap(({ rule, line, reason, also = [], before, after = '', verified }) => [
      `  line ${[line, ...also].join(', ')}: ${reason} [${rule}]`,
      ...(before === undefined ? [] : [...indented('-', before), ...indented('+', after)]),
      ...(verified === true ? ['    Run on the tests: the results are equal.'] : []),
    ]),
  ].join('\n')
}
