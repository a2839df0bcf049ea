import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { affordable, candidatesFor } from './candidates.ts'
import { applied, type Candidate } from './changes.ts'
import { checkPrograms, type Checked, type Fault } from './check.ts'
import { type Chunk, chunkOf } from './chunk.ts'
import { placeOf, type Source, sourceOf } from './source.ts'
import { type Spot, spotOf } from './spot.ts'

/** One mended fault: what Python said, the edit, and the program before and after it. */
export interface Step {
  fault: Fault
  source: Source
  candidate: Candidate
  after: string
}

/** `left` is what Python still says after the steps; undefined when the program parses. */
export interface Repair {
  steps: Step[]
  left: Fault | undefined
  /** The first edit, if Python stops in another line after it. */
  guess: Candidate | undefined
}

/** The maximum of faults that are mended in one program. */
const maxFaults = 8
/** The maximum of edits in one line, before the whole is taken for a guess. */
const maxSameLine = 2
/** What it costs that another edit must follow, of the same line or of another. */
const oneMore = { same: 1.6, other: 0.5 }
/**
 * Characters that are read for one program, after which no other fault is begun: about 2 s. It is work and not time, so
 * that a busy machine says the same.
 */
const maxWork = 1_000_000
/** Each round of candidates costs so many times the program, besides what is tried. */
const roundCost = 10

/** What is left to be read. */
interface Work {
  left: number
}

/** Mends the first fault of a program, then the next, as long as each edit moves the place where Python stops on. */
export async function repair(program: string, first: Fault, sandbox: Sandbox): Promise<Repair> {
  const work: Work = { left: maxWork }
  const steps: Step[] = []
  let [text, left] = [program, first as Fault | undefined]
  const seen = new Set([text])
  while (left !== undefined && steps.length < maxFaults && work.left > 0) {
    const source = sourceOf(text)
    const spot = spotOf(source, left)
    if (spot === undefined) break
    const found = await mendOne(spot, sandbox, seen, work)
    const last = steps.at(-1)
    const again = steps.filter(({ fault }) => fault.line === left?.line).length >= maxSameLine
    if (found === undefined || (again && last !== undefined && found.next !== 'parses')) break
    steps.push({ fault: left, source, candidate: found.candidate, after: found.after })
    text = found.after
    seen.add(text)
    left = found.next === 'parses' || found.next === 'unread' ? undefined : found.next
  }
  const [one] = steps
  const next = steps[1]?.fault ?? left
  const guess = one !== undefined && next?.line !== one.fault.line ? one.candidate : undefined
  return { steps: proven(steps, left), left, guess }
}

/** Without the last edits, if Python still stops in their line: they are not shown to help. */
function proven(steps: readonly Step[], left: Fault | undefined): Step[] {
  const line = left?.line
  const last = steps.findLastIndex(({ fault }) => line === undefined || fault.line !== line)
  return steps.slice(0, last + 1)
}

interface Mended {
  candidate: Candidate
  after: string
  next: Checked
}

async function mendOne(
  spot: Spot,
  sandbox: Sandbox,
  seen: ReadonlySet<string>,
  work: Work,
): Promise<Mended | undefined> {
  const chunk = chunkOf(spot.source, spot)
  const near = await tryAll(spot, chunk, candidatesFor(spot, false), sandbox, seen, work)
  if (near !== undefined || work.left <= 0) return near
  return tryAll(spot, { from: 0, to: spot.source.text.length }, candidatesFor(spot, true), sandbox, seen, work)
}

interface Trial {
  candidate: Candidate
  tried: string
  checked: Checked
}

async function tryAll(
  spot: Spot,
  chunk: Chunk,
  candidates: readonly Candidate[],
  sandbox: Sandbox,
  seen: ReadonlySet<string>,
  work: Work,
): Promise<Mended | undefined> {
  const { text } = spot.source
  const asked = affordable(
    candidates
      .filter(({ changes }) => !seen.has(applied(text, changes)))
      .map(candidate => ({ candidate, tried: partOf(text, chunk, candidate) })),
  )
  work.left -= roundCost * text.length + asked.reduce((sum, { tried }) => sum + tried.length, 0)
  const checked = await checkPrograms(
    asked.map(({ tried }) => tried),
    sandbox,
    3,
  )
  if (checked === undefined) return undefined
  const trials = asked.map((one, at): Trial => ({ ...one, checked: checked[at] ?? 'unread' }))
  const whole = trials.filter(({ checked: result }) => result === 'parses').slice(0, 3)
  const best = [...whole, ...movedOn(spot, chunk, trials).slice(0, whole.length > 0 ? 3 : 4)]
  const programs = best.map(({ candidate }) => applied(text, candidate.changes))
  const verified = await checkPrograms(programs, sandbox)
  if (verified === undefined) return undefined
  const results = best
    .map(({ candidate, checked: result }, at) => ({
      candidate,
      after: programs[at] ?? text,
      next: verified[at] ?? 'unread',
      score: candidate.cost + (result === 'parses' ? 0 : isSame(spot, verified[at]) ? oneMore.same : oneMore.other),
    }))
    .toSorted((one, other) => one.score - other.score)
  return results.find(({ next, candidate }) => next === 'parses' || isFurther(spot, next, candidate))
}

const isSame = ({ fault }: Spot, next: Checked | undefined): boolean =>
  typeof next === 'object' && next.line === fault.line

/** The chunk after the edit; the whole program when the edit reaches beyond the chunk. */
function partOf(text: string, { from, to }: Chunk, { changes }: Candidate): string {
  if (changes.some(({ at, end }) => at < from || end > to)) return applied(text, changes)
  const shifted = changes.map(change => ({ ...change, at: change.at - from, end: change.end - from }))
  return applied(text.slice(from, to), shifted)
}

/** Trials that do not parse but fail further down, the furthest first. */
function movedOn(spot: Spot, chunk: Chunk, trials: readonly Trial[]): Trial[] {
  const lead = placeOf(spot.source, chunk.from).line - 1
  const lineOf = ({ checked, candidate }: Trial): number => {
    if (typeof checked === 'string') return 0
    const outside = candidate.changes.some(({ at, end }) => at < chunk.from || end > chunk.to)
    const line = checked.line + (outside ? 0 : lead)
    return isFurther(spot, { ...checked, line }, candidate) ? line : 0
  }
  const scored = trials.map(trial => ({ trial, line: lineOf(trial) })).filter(({ line }) => line > 0)
  const furthest = Math.max(0, ...scored.map(({ line }) => line))
  const score = ({ trial, line }: { trial: Trial; line: number }): number =>
    trial.candidate.cost + (line < furthest ? 0.8 : 0)
  return scored.toSorted((one, other) => score(one) - score(other)).map(({ trial }) => trial)
}

/** Faults that Python sees while it reads signs, before those of earlier lines that it sees while it reads sentences. */
const lexical =
  /literal|never closed|unterminated|unmatched|does not match|unindent|invalid (?:character|non-printable)|leading zeros|continuation|inconsistent use/
const neverEnds = /never closed|unterminated/

/** Whether Python stops later than before: further down, or in the same line behind the edit, or in a later check. */
function isFurther({ fault, source }: Spot, next: Checked, { changes, class: name }: Candidate): boolean {
  if (typeof next === 'string') return next === 'parses'
  if (next.stage !== fault.stage) return next.stage > fault.stage
  if (lexical.test(fault.message) && !lexical.test(next.message)) return true
  if (neverEnds.test(next.message) && !neverEnds.test(fault.message) && next.line <= fault.line) return false
  if (/never closed/.test(next.message) && /never closed/.test(fault.message))
    return /^unclosed|^stray|^mismatched/.test(name) && (next.line !== fault.line || next.column !== fault.column)
  const added = changes.reduce(
    (sum, { text, at, end }) => sum + lineCount(text) - lineCount(source.text.slice(at, end)),
    0,
  )
  if (next.line !== fault.line) return next.line > fault.line + Math.max(0, added)
  const last = Math.max(...changes.map(({ at, text }) => at + text.length))
  const place = placeOf(source, last)
  return place.line === next.line && next.column > Math.max(place.column, fault.column + 1)
}

const lineCount = (text: string): number => text.split('\n').length - 1
