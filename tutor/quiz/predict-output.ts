import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { baseOf } from './base.ts'
import { type Material, type Way, wholeProgram } from './material.ts'
import { glance, isShowable, lineAt, looks, printedBy, readLines, stepsOf, withLine } from './outputs.ts'
import { chosen, type Question, shuffled } from './question.ts'

/** A program near the one that is shown, what it prints at a first look, and what makes it another. */
export interface Near {
  source: string
  printed: string
  why: string
}

/** So many changed programs are looked at for one question. */
export const maxChanges = 24
const wrongChoices = 3

/**
 * What a program prints, among what it would print with one token or one argument changed. Each choice is what a run in
 * an interpreter of its own printed. Undefined when fewer than two others are to be had.
 */
export async function predictOutput(
  material: Material,
  random: () => number,
  sandbox: Sandbox,
): Promise<Question | undefined> {
  const [base] = shuffled((await baseOf(material, sandbox)).ways, random)
  if (base === undefined) return undefined
  const { way, code, printed } = base
  const wrong: Near[] = []
  const taken = new Set([looks(printed)])
  for (const near of await nearBy(material, way, random, sandbox)) {
    if (wrong.length === wrongChoices) break
    if (taken.has(looks(near.printed)) || !isShowable(near.printed)) continue
    if ((await printedBy(near.source, way, material, sandbox)) !== near.printed) continue
    taken.add(looks(near.printed))
    wrong.push(near)
  }
  if (wrong.length < 2) return undefined
  const told = await stepsOf(code, way, sandbox)
  const texts = [{ text: printed, why: '' }, ...wrong.map(near => ({ text: near.printed, why: near.why }))]
  const { choices, right, why } = chosen(texts, random)
  return {
    kind: 'predict_output',
    text: 'What does this program print?',
    code,
    stdin: way.stdin === '' ? null : way.stdin,
    choices,
    ...aboutOf(material),
    key: { right, explanation: explained(printed, told, material), why, judge: null },
  }
}

/** What a question is made from, as it is told. */
export const aboutOf = ({ exercise, concept, own }: Material): Pick<Question, 'exercise_id' | 'concept' | 'own'> => ({
  exercise_id: exercise?.id ?? null,
  concept: concept?.id ?? null,
  own,
})

/** Why the program prints it: what a run did, line by line, and what the concept says. */
function explained(printed: string, told: string | undefined, { concept }: Material): string {
  const because = told === undefined ? [] : ['Line by line:', told]
  return [`It prints:\n${printed}`, ...because, ...(concept === undefined ? [] : [conceptText(concept)])].join('\n')
}

const conceptText = ({ title, explanations }: NonNullable<Material['concept']>): string =>
  `${title}: ${explanations.beginner.text.replaceAll(/\s*\n\s*/g, ' ')}`

/** Programs with one line or the call changed, in a random order, those with another call last. */
async function nearBy(material: Material, way: Way, random: () => number, sandbox: Sandbox): Promise<Near[]> {
  const { program } = material
  const changes = shuffled((await readLines(program, sandbox))?.changes ?? [], random).slice(0, maxChanges)
  const others = way.call === undefined ? [] : shuffled(material.ways, random).filter(one => one.call !== way.call)
  const sources = [
    ...changes.map(change => ({
      source: wholeProgram(material, withLine(program, change), way),
      why: `That is what it prints with \`${change.text.trim()}\` in place of \`${lineAt(program, change.line)}\`.`,
    })),
    ...others.map(other => ({
      source: wholeProgram(material, program, other),
      why: `That is what it prints with \`print(${other.call})\`.`,
    })),
  ]
  const seen = await glance(
    sources.map(({ source }) => source),
    way,
    sandbox,
  )
  return sources.flatMap((one, at) => {
    const printed = seen[at]
    return typeof printed === 'string' ? [{ ...one, printed }] : []
  })
}
