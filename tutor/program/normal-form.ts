import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { batched, type Reading } from '../python/batch-calls.ts'
import { memoize } from '../memoize.ts'
import { itemsOf, runScript, textOf } from '../python/scripts.ts'

/**
 * A program independent of its layout. `tree` is its syntax tree without formatting and comments; `shape`, present only
 * on request, is the same with locals renamed and docstrings left out. `sharing` says which programs may share its
 * results: those of the same tree, those of the same text only (it can read its own source or lines), or none (its
 * behaviour can vary between runs).
 */
export interface NormalForm {
  tree: string
  shape: string | undefined
  sharing: 'tree' | 'text' | 'none'
}

const seconds = 10
const recall = { tree: memoize<NormalForm | undefined>(2_000), shape: memoize<NormalForm | undefined>(2_000) }

const reading =
  (shaped: boolean): Reading<NormalForm> =>
  async (sources, sandbox) => {
    const output = await runScript('normal', { sources, shaped }, sandbox, seconds)
    return output === undefined ? undefined : itemsOf(output).map(formIn)
  }
const read = { tree: batched(reading(false)), shape: batched(reading(true)) }

/** The normal form of a program, computed where no student's program ever runs; undefined when it does not parse. */
export async function normalForm(
  source: string,
  sandbox: Sandbox,
  upTo: 'tree' | 'shape' = 'tree',
): Promise<NormalForm | undefined> {
  return recall[upTo](source, async () => read[upTo](source, sandbox))
}

function formIn(output: PythonValue): NormalForm | undefined {
  if (output.kind === 'none') return undefined
  const [tree, shape, sharing] = itemsOf(output)
  const word = textOf(sharing)
  if (word !== 'tree' && word !== 'text' && word !== 'none') throw new TypeError(`${word} is no way of sharing`)
  return { tree: textOf(tree), shape: shape?.kind === 'none' ? undefined : textOf(shape), sharing: word }
}
