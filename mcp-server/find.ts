import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../platform/errors.ts'
import { nearest } from '../skills/nearest.ts'
import { advised } from './advice.ts'
import { budget } from './answer.ts'
import { type Catalogue, demandTool, type Operation, toolOf } from './catalog.ts'
import { inputStub, outputStub } from './stub.ts'
import { pagesOf, maxTokens } from './text.ts'

const maxMatches = 8
/** The maximum of operations per skill, so that other skills are shown too. */
const maxOfSkill = 4
/** Matches below this share of the best score are left out. */
const minShare = 0.35

/**
 * Answers `find`: a list of everything, one operation, skill or reference in full, or the matches for some words. At
 * most 400 tokens.
 */
export async function find(catalogue: Catalogue, wanted: string, page: number, readOnly: boolean): Promise<string> {
  const words = wanted.trim()
  if (words === '') return overview(catalogue, readOnly)
  const exact = /^([a-z0-9-]+)[ /]([a-z0-9-]+)$/.exec(words)
  const op = exact === null ? '' : `${exact[1]}/${exact[2]}`
  if (catalogue.ops.includes(op)) {
    const operation = await catalogue.get(op)
    if (readOnly) demandTool(operation, 'read', readOnly)
    return describe(operation)
  }
  if (catalogue.skills.includes(words)) return describeSkill(catalogue, words, readOnly)
  const reference = words.replace(/^skill:\/\//, '')
  const skill = reference.split('/')[0] ?? ''
  if (catalogue.skills.includes(skill) && catalogue.references(skill).includes(reference))
    return referencePage(join(catalogue.root, reference), page)
  return matching(catalogue, words, readOnly)
}

/** Every operation, a line per skill. */
async function overview(catalogue: Catalogue, readOnly: boolean): Promise<string> {
  const all = await catalogue.all()
  const shown = all.filter(({ script }) => !readOnly || script.effect === 'reads')
  const groups = Map.groupBy(shown, ({ op }) => op.split('/')[0] ?? '')
  const lines = [...groups].map(
    ([skill, ops]) =>
      `${skill}: ${ops.map(({ op, script }) => `${op.split('/')[1]}${marks[script.effect]}`).join(' ')}`,
  )
  return [
    ...lines,
    `op = skill/name${readOnly ? '' : '; * changes, ! deletes, ~ measures by writing'}; find an op for its args`,
  ].join('\n')
}

const marks = { reads: '', probes: '~', changes: '*', deletes: '!' } as const

function describe({ op, script }: Operation): string {
  const tool = toolOf(script.effect)
  const inputs = inputStub(script.input)
  const head = [`${tool} ${op}: ${script.about}`, ...(inputs.length === 0 ? ['args: none'] : ['args:', ...inputs])]
  const data = `data: ${outputStub(script.output)}`
  // The type of the result is shown only when it fits as a whole.
  return [...head, ...(maxTokens([...head, data].join('\n')) <= budget.find ? [data] : [])].join('\n')
}

async function describeSkill(catalogue: Catalogue, skill: string, readOnly: boolean): Promise<string> {
  const references = catalogue.references(skill)
  const reading = (await opsThatRead(catalogue)).filter(op => op.startsWith(`${skill}/`))
  return [
    await advised(catalogue, await catalogue.body(skill), readOnly),
    ...(readOnly ? [`this server only reads: ${reading.join(' ') || 'nothing of this skill'}`] : []),
    ...(references.length === 0 ? [] : [`references: ${references.join(' ')}`]),
  ].join('\n')
}

const opsThatRead = async (catalogue: Catalogue): Promise<string[]> =>
  (await catalogue.all()).filter(({ script }) => script.effect === 'reads').map(({ op }) => op)

async function referencePage(file: string, page: number): Promise<string> {
  const pages = pagesOf((await readFile(file, 'utf8')).split('\n'), budget.page)
  const lines = pages[page - 1]
  if (lines === undefined)
    throw new PlatformError('INVALID_INPUT', `there is no page ${page} of ${pages.length}`, {
      hint: 'Pages count from 1.',
    })
  return [...lines, ...(pages.length === 1 ? [] : [`page ${page} of ${pages.length}`])].join('\n')
}

/** The operations that match the words, best first; a single match is shown in full. */
async function matching(catalogue: Catalogue, words: string, readOnly: boolean): Promise<string> {
  const ranked = await catalogue.rank(words)
  const best = ranked[0]?.score ?? 0
  const likely = ranked.filter(({ score }) => score >= minShare * best)
  const all = await Promise.all(likely.map(async ({ op, skill }) => ({ ...(await catalogue.get(op)), skill })))
  const allowed = all.filter(({ script }) => !readOnly || script.effect === 'reads')
  const [first] = allowed
  if (first === undefined)
    throw new PlatformError('NOT_FOUND', 'no operation fits these words', {
      hint: `Nearest: ${nearest(words.slice(0, 80), readOnly ? await opsThatRead(catalogue) : catalogue.ops).join(', ')}. Without words, find lists all.`,
    })
  if (allowed.length === 1) return describe(first)
  const shown = allowed
    .filter(({ skill }, at) => allowed.slice(0, at).filter(other => other.skill === skill).length < maxOfSkill)
    .slice(0, maxMatches)
  const lines = shown.map(({ op, script }) => `${toolOf(script.effect)} ${op}: ${script.about}`)
  const left = allowed.length - shown.length
  return [...fitting(lines), ...(left > 0 ? [`and ${left} more`] : [])].join('\n')
}

function fitting(lines: readonly string[]): string[] {
  let left: number = budget.find
  return lines.filter(line => (left -= maxTokens(line) + 2) > 0)
}
