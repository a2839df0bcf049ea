import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { baseOf } from './base.ts'
import { failing } from './fix-line.ts'
import type { Material } from './material.ts'
import { glance, isAskable, lineAt, type LineChange, looks, readLines, withLine } from './outputs.ts'
import { aboutOf, maxChanges } from './predict-output.ts'
import { labels, type Question, shuffled } from './question.ts'
import { type Judge, solve } from './solve.ts'

const fewest = 3
const most = 10
/** So many changed lines are tried as the one that does not belong. */
const maxTries = 4

/**
 * The lines of a right program in another order, with one that does not belong where one is found (Parsons and Haden
 * 2006). Any order that passes is right, which a run decides; the one of the program passes, and with the line that does
 * not belong it fails.
 */
export async function orderLines(
  material: Material,
  random: () => number,
  sandbox: Sandbox,
): Promise<Question | undefined> {
  const { program } = material
  const { code: numbers, changes } = (await readLines(program, sandbox)) ?? { code: [], changes: [] }
  const rows = program.split('\n')
  const lines = numbers.map(number => (rows[number - 1] ?? '').trimEnd())
  if (lines.length < fewest || lines.length > most || !isAskable(program, material)) return undefined
  if (new Set(lines.map(looks)).size < lines.length) return undefined
  const judge = await judgeOf(material, sandbox)
  const runs = async (some: readonly string[]): Promise<boolean> =>
    judge !== undefined && (await solve(`${some.join('\n')}\n`, judge, sandbox, material.owner)).right
  if (judge === undefined || !(await runs(lines))) return undefined
  const extra = await misfit()
  const shown = mixed(extra === undefined ? lines : [...lines, extra.text])
  const labelOf = (line: string): string => labels.charAt(shown.indexOf(line))
  const why = extra === undefined ? {} : { [labelOf(extra.text)]: extra.why }
  return {
    kind: 'order_lines',
    text: textFor(judge, extra !== undefined),
    code: null,
    stdin: 'stdin' in judge && judge.stdin !== '' ? judge.stdin : null,
    choices: shown.map((text, at) => ({ label: labels.charAt(at), text })),
    ...aboutOf(material),
    key: {
      right: lines.map(labelOf).join(' '),
      explanation: [`This order passes:\n${lines.join('\n')}`, ...(extra === undefined ? [] : [extra.why])].join('\n'),
      why,
      judge:
        'exercise' in judge
          ? { exercise_id: judge.exercise.id, exercise_version: judge.exercise.version }
          : { prints: judge.prints },
    },
  }

  /** A changed line with which the program fails. */
  async function misfit(): Promise<{ text: string; why: string } | undefined> {
    for (const change of (await unlike(material, changes, random, sandbox)).slice(0, maxTries)) {
      const at = numbers.indexOf(change.line)
      const text = change.text.trimEnd()
      if (at === -1 || lines.some(line => looks(line) === looks(text))) continue
      if (await runs(lines.with(at, text))) continue
      const why = `\`${text.trim()}\` does not belong: with it in place of \`${lineAt(program, change.line)}\` it is wrong.`
      return { text, why }
    }
    return undefined
  }

  /** In an order that does not begin as the program does. */
  function mixed(all: readonly string[]): string[] {
    const other = shuffled(all, random)
    return other.every((line, at) => line === all[at]) ? other.toReversed() : other
  }
}

/** The tests of the exercise that the program solves, or what the program prints. */
async function judgeOf(material: Material, sandbox: Sandbox): Promise<Judge | undefined> {
  const { exercise } = material
  const { ways, isSolution } = await baseOf(material, sandbox)
  if (exercise !== undefined) return (await isSolution()) ? { exercise } : undefined
  const [base] = ways
  return base === undefined ? undefined : { prints: base.printed, stdin: base.way.stdin }
}

/** Changes with which, at a first look, the program ends and is wrong, in a random order. */
async function unlike(
  material: Material,
  changes: readonly LineChange[],
  random: () => number,
  sandbox: Sandbox,
): Promise<readonly LineChange[]> {
  if (material.exercise !== undefined) return failing(material, random, sandbox)
  const some = shuffled(changes, random).slice(0, maxChanges)
  const [base] = (await baseOf(material, sandbox)).ways
  if (base === undefined) return []
  const sources = some.map(change => withLine(material.program, change))
  const seen = await glance(sources, base.way, sandbox)
  return some.filter((_, at) => typeof seen[at] === 'string' && seen[at] !== base.printed)
}

function textFor(judge: Judge, isExtra: boolean): string {
  const aim = 'exercise' in judge ? `solves "${judge.exercise.title}"` : `prints:\n${judge.prints}`
  const rest = isExtra ? ' One of them does not belong.' : ''
  return `Put the lines into an order that makes a program which ${aim}\nGive their letters in that order.${rest}`
}
