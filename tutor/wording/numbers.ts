const spelled: readonly string[] =
  'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const counted = 'tests?|lines?|attempts?|exercises?|days?|points?|errors?|times|minutes?|percent|submissions?|programs?'
const spelledCount = new RegExp(`\\b(${spelled.join('|')})(?= (?:${counted}|of)\\b)`, 'giu')

/** A text with its numbers as digits, without commas in them. */
const asDigits = (text: string): string =>
  text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(spelledCount, word => String(spelled.indexOf(word.toLowerCase()) + 2))
    .replaceAll(/(\d),(?=\d{3}\b)/gu, '$1')

/** The numbers of a text. */
const numbersIn = (text: string): string[] =>
  (asDigits(text).match(/\d+(?:\.\d+)?/gu) ?? []).map(number => String(Number(number)))

/** Numbers with what they count: `line 3`, `4 test`, `60 %`, `2 of 5`. */
function pairsIn(text: string): string[] {
  const said = asDigits(text).toLowerCase().replaceAll(/[*_`]/gu, '')
  const before = [...said.matchAll(/\b(line|attempt|level|test|hint)s? (\d+)/gu)].map(([, noun, n]) => `${noun} ${n}`)
  const after = [...said.matchAll(new RegExp(`(\\d+(?:\\.\\d+)?) ?(%|(?:${counted})\\b)`, 'gu'))].map(
    ([, n, noun = '']) => `${n} ${noun === 'percent' ? '%' : noun.replace(/s$/u, '')}`,
  )
  const shares = [...said.matchAll(/(\d+) ?(?:\/|out of|of(?: the| your| its)?) ?(\d+)/gu)].map(
    ([, a, b]) => `${a} of ${b}`,
  )
  return [...before, ...after, ...shares]
}

/** Which values are expected and which came out, as a text has them between backticks. */
function rolesIn(text: string): { expected: Set<string>; got: Set<string> } {
  const roles = { expected: new Set<string>(), got: new Set<string>() }
  for (const [, before = '', value = ''] of text.matchAll(/([^`]{0,40})`([^`\n]+)`/gu)) {
    const words = before
      .toLowerCase()
      .match(/expect(?:ed|s)?|should|instead of|wanted|got|gives?|gave|return(?:ed|s)|prints?|printed/gu)
    const last = words?.at(-1)
    if (last === undefined) continue
    roles[/^(?:expect|should|instead|wanted)/u.test(last) ? 'expected' : 'got'].add(value.replaceAll(/\s+/gu, ''))
  }
  return roles
}

const isOnlyIn = (value: string, one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.has(value) && !other.has(value)

/**
 * Whether a wording has a number that is not `known`, counts something else with it than what is `verified` does, or
 * takes what is expected for what came out. Numbers of lists (`1.` at the start of a line) do not count.
 */
export function changesNumbers(
  wording: string,
  answer: string,
  { known, verified }: { known: string; verified: string },
): boolean {
  const text = wording.replaceAll(/^\s*\d+[.)]\s/gmu, '')
  const numbers = new Set(numbersIn(known))
  if (numbersIn(text).some(number => !numbers.has(number))) return true
  const pairs = new Set(pairsIn(verified))
  if (pairsIn(text).some(pair => !pairs.has(pair))) return true
  const [said, meant] = [rolesIn(text), rolesIn(answer)]
  return (
    [...said.got].some(
      value => isOnlyIn(value, meant.expected, meant.got) && isOnlyIn(value, said.got, said.expected),
    ) ||
    [...said.expected].some(
      value => isOnlyIn(value, meant.got, meant.expected) && isOnlyIn(value, said.expected, said.got),
    )
  )
}
