import type { PythonResult, Sandbox } from '../../platform/ports/sandbox.ts'
import type { Refusal } from './brief.ts'
import type { Block, ReadText } from './read-text.ts'

/** Where and how the programs of a wording are run. */
export interface Trial {
  sandbox: Sandbox
  owner: string
  signal: AbortSignal
}

const maxPrograms = 3
const maxClaims = 4
const limits = { seconds: 2, purpose: 'free', maxWaitSeconds: 5 } as const

const lean = (text: string): string =>
  text
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .trim()

const outputOf = ({ stdout, error }: PythonResult): string =>
  lean(error === undefined ? stdout : `${stdout}\n${error.type}${error.message === '' ? '' : `: ${error.message}`}`)

/** What a comment at the end of a line says that it prints or gives. */
const claimedIn = (code: string): string[] =>
  [
    ...code.matchAll(
      /#\s*(?:(?:it )?(?:prints?|outputs?|gives|returns|shows)\b:?|output:|result:|->|=>|→|=)\s*(.+)$|#\s*([-\d'"[({].*|True|False|None)\s*$/gmu,
    ),
  ].map(([, one, other]) => (one ?? other ?? '').trim())

const bare = (text: string): string => text.replaceAll(/[\s'"]+/gu, '')

/** Why a program and what is shown of it are refused, or what it really prints. */
async function refusedProgram(
  { code, shown }: Block,
  { sandbox, ...trial }: Trial,
): Promise<Refusal | { output: string }> {
  const run = await sandbox.run({ code, ...limits, ...trial })
  const output = outputOf(run)
  if (run.ended !== 'ok' && !(run.ended === 'raised' && shown !== undefined && output === lean(shown)))
    return 'code_fails'
  if (shown !== undefined && lean(shown) !== output) return 'output_differs'
  const lines = new Set(output.split('\n').map(bare))
  return claimedIn(code).every(claim => lines.has(bare(claim))) ? { output } : 'output_differs'
}

/** Sentences such as "`len('abc')` gives `3`". */
const sentence =
  /`([^`\n]+)`[^`\n.]{0,12}\b(?:gives|returns|prints|equals|evaluates to|becomes|results in|outputs|is|are)\b[^`\n.]{0,12}`([^`\n]+)`/gu

/** Whether each expression that a sentence gives a value has it, after the programs before it. */
async function holds(prose: string, given: string, programs: readonly Block[], { sandbox, ...trial }: Trial) {
  const claims = [...prose.matchAll(sentence)].filter(([whole]) => !given.includes(whole))
  if (claims.length > maxClaims) return false
  const before = programs.map(({ code }) => code).join('\n')
  for (const [, expression = '', value = ''] of claims) {
    const mark = crypto.randomUUID()
    const code = `${before}\nprint(${JSON.stringify(mark)})\nprint(repr(${expression}))`
    const run = await sandbox.run({ code, ...limits, ...trial })
    const shown = run.stdout.split(`${mark}\n`).at(-1) ?? ''
    if (run.ended !== 'ok' || bare(shown) !== bare(value)) return false
  }
  return true
}

/**
 * Runs the programs of a wording that the answer does not have. Gives why it is refused: one does not run, or prints
 * something else than is shown; or else what they print.
 * @throws TOO_MANY_REQUESTS, SANDBOX_CRASHED as the sandbox does
 */
export async function tryPrograms(
  { text, blocks }: ReadText,
  given: string,
  trial: Trial,
): Promise<Refusal | { outputs: string[] }> {
  const own = blocks.filter(block => !isGiven(block, given))
  if (own.some(({ kind }) => kind !== 'program')) return 'code_added'
  if (own.length > maxPrograms) return 'code_added'
  const outputs: string[] = []
  for (const block of own) {
    const tried = await refusedProgram(block, trial)
    if (typeof tried === 'string') return tried
    outputs.push(tried.output)
  }
  return (await holds(text, given, own, trial)) ? { outputs } : 'output_differs'
}

/** Whether a block, with what is shown of it, stands in the answer as it is. */
export function isGiven({ code, shown }: Block, given: string): boolean {
  const lines = (part: string): string =>
    part
      .split('\n')
      .map(line => line.trimEnd())
      .join('\n')
  const at = lines(given).indexOf(lines(code).trim())
  if (at === -1) return false
  return shown === undefined || lines(given).includes(lines(shown).trim(), at + lines(code).trim().length)
}
