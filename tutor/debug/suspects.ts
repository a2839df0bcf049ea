import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'
import type { Step } from './runs.ts'

/** A statement: what it binds and reads, and the lines of the statements that it is under. */
export interface Statement {
  line: number
  binds: readonly string[]
  reads: readonly string[]
  under: readonly number[]
  isReturn: boolean
}

/** `openEnds`: the last lines of functions that can end without a value although they return one elsewhere. */
export interface Flow {
  statements: readonly Statement[]
  openEnds: readonly number[]
}

const seconds = 10

/** What each statement of a program reads and binds; undefined when it does not parse. */
export async function flowOf(source: string, sandbox: Sandbox): Promise<Flow | undefined> {
  const output = await runScript('flow', { source }, sandbox, seconds)
  if (output === undefined || output.kind === 'none') return undefined
  const [statements, ends] = itemsOf(output)
  return {
    statements: itemsOf(statements).map(one => {
      const [line, binds, reads, under, isReturn] = itemsOf(one)
      return {
        line: numberOf(line),
        binds: itemsOf(binds).map(textOf),
        reads: itemsOf(reads).map(textOf),
        under: itemsOf(under).map(numberOf),
        isReturn: isReturn?.kind === 'bool' && isReturn.value,
      }
    }),
    openEnds: itemsOf(ends).map(numberOf),
  }
}

/**
 * Ochiai's coefficient of each line: how well "this line ran" tells failing tests from passing ones, 0-1 (Abreu,
 * Zoeteweij and van Gemund 2007).
 */
export function ochiai(lines: readonly (readonly number[])[], passed: readonly boolean[]): Map<number, number> {
  const failing = passed.filter(one => !one).length
  const all = new Set(lines.flat())
  return new Map(
    [...all].map(line => {
      const runs = lines.flatMap((ran, at) => (ran.includes(line) ? [passed[at] === true] : []))
      const failed = runs.filter(one => !one).length
      return [line, failed === 0 ? 0 : failed / Math.sqrt(failing * runs.length)]
    }),
  )
}

/**
 * The lines on which the last value of a run depends, with how near they are to it, 0-1: a backward slice of the steps,
 * by the names that each line reads and binds and the conditions it is under.
 */
export function sliceOf(steps: readonly Step[], { statements }: Flow): Map<number, number> {
  const byLine = new Map(statements.map(one => [one.line, one]))
  const wanted = new Set<string>()
  const slice = new Map<number, number>()
  const conditions = new Set<number>()
  let found = 0
  const take = (line: number): void => {
    if (!slice.has(line)) slice.set(line, 1 / (1 + (found += 1) / 4))
  }
  const last = steps.findLast(({ line }) => byLine.has(line))
  if (last === undefined) return slice
  const follow = (statement: Statement): void => {
    take(statement.line)
    for (const name of statement.reads) wanted.add(name)
    for (const line of statement.under) conditions.add(line)
  }
  for (const { line } of steps.toReversed()) {
    const statement = byLine.get(line)
    if (statement === undefined) continue
    const binds = statement.binds.some(name => wanted.has(name))
    if (line === last.line || binds || conditions.has(line)) follow(statement)
  }
  return slice
}
