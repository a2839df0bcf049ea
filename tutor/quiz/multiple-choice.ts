import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { baseOf } from './base.ts'
import { type Material, type Way, wholeProgram } from './material.ts'
import { glance, lineAt, type LineChange, looks, printedBy, readLines, withLine } from './outputs.ts'
import { aboutOf, maxChanges } from './predict-output.ts'
import { chosen, type Question, shuffled } from './question.ts'

const maxChoices = 4
const fewestChoices = 3

/** Which line, or which call, makes a program print what is shown; each choice was run, and only one prints it. */
export async function multipleChoice(
  material: Material,
  random: () => number,
  sandbox: Sandbox,
): Promise<Question | undefined> {
  const makers = shuffled([missingLine, whichCall], random)
  for (const make of makers) {
    const question = await make(material, random, sandbox)
    if (question !== undefined) return question
  }
  return undefined
}

/** A choice that was run: what it prints, or undefined where it ends with an error. */
interface Tried {
  text: string
  printed: string | undefined
}

const whyNot = ({ printed }: Tried): string =>
  printed === undefined
    ? 'With it the program ends with an error.'
    : `With it the program prints${printed === '' ? ' nothing' : `:\n${printed}`}`

function asked(
  material: Material,
  { code, text, stdin }: { code: string; text: string; stdin: string },
  tried: readonly Tried[],
  random: () => number,
): Question {
  const { choices, right, why } = chosen(
    tried.map(one => ({ text: one.text, why: whyNot(one) })),
    random,
  )
  const explanation = `With \`${tried[0]?.text}\` the program prints:\n${tried[0]?.printed}`
  return {
    kind: 'multiple_choice',
    text,
    code,
    stdin: stdin === '' ? null : stdin,
    choices,
    ...aboutOf(material),
    key: { right, explanation, why, judge: null },
  }
}

/** Which line stands in a gap. */
async function missingLine(material: Material, random: () => number, sandbox: Sandbox): Promise<Question | undefined> {
  const [base] = shuffled((await baseOf(material, sandbox)).ways, random)
  if (base === undefined) return undefined
  const { way, printed } = base
  const { program } = material
  const { changes = [] } = (await readLines(program, sandbox)) ?? {}
  const unlike = await differing(material, way, shuffled(changes, random).slice(0, maxChanges), printed, sandbox)
  const byLine = [...Map.groupBy(unlike, ({ line }) => line)].filter(([, own]) => own.length >= fewestChoices - 1)
  for (const [line, own] of shuffled(byLine, random)) {
    const tried: Tried[] = [{ text: lineAt(program, line), printed }]
    for (const change of own) {
      if (tried.length === maxChoices) break
      const text = change.text.trim()
      if (tried.some(one => looks(one.text) === looks(text))) continue
      const other = await printedBy(wholeProgram(material, withLine(program, change), way), way, material, sandbox)
      if (other !== printed) tried.push({ text, printed: other })
    }
    if (tried.length < fewestChoices) continue
    const indent = /^\s*/.exec(program.split('\n')[line - 1] ?? '')?.[0] ?? ''
    const gap = wholeProgram(material, withLine(program, { line, text: `${indent}____` }), way)
    const text = `Which line has to stand in place of ____, so that this program prints:\n${printed}`
    return asked(material, { code: gap, text, stdin: way.stdin }, tried, random)
  }
  return undefined
}

/** The changes that, at a first look, make the program print something else or end with an error. */
async function differing(
  material: Material,
  way: Way,
  changes: readonly LineChange[],
  printed: string,
  sandbox: Sandbox,
): Promise<LineChange[]> {
  const sources = changes.map(change => wholeProgram(material, withLine(material.program, change), way))
  const seen = await glance(sources, way, sandbox)
  // One that may not end is not worth a run of its own.
  return changes.filter((_, at) => typeof seen[at] === 'string' && seen[at] !== printed)
}

/** Which call gives a result. */
async function whichCall(material: Material, random: () => number, sandbox: Sandbox): Promise<Question | undefined> {
  const ways = shuffled((await baseOf(material, sandbox)).ways, random).filter(({ way }) => way.call !== undefined)
  const tried: Tried[] = []
  for (const { way, printed } of ways) {
    if (tried.length === maxChoices) break
    const isNew = tried.every(one => looks(one.printed ?? '') !== looks(printed))
    if (isNew) tried.push({ text: `print(${way.call})`, printed })
  }
  const [first] = tried
  if (first === undefined || tried.length < fewestChoices) return undefined
  const code = wholeProgram(material, material.program, { call: undefined, stdin: '' })
  const text = `Which line, added at the end of this program, makes it print:\n${first.printed}`
  return asked(material, { code, text, stdin: '' }, tried, random)
}
