import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import type { Facts, Finding } from './facts.ts'
import { recognise } from './recognise.ts'
import { diagnose } from './scripts.ts'

/**
 * What may be the cause of a crash, at least one, the likeliest first. `message` is the exception's text with all that a
 * traceback adds to it.
 */
export async function findingsOf(
  program: string,
  facts: Facts,
  sandbox: Sandbox,
  message = facts.message ?? '',
): Promise<readonly [Finding, ...Finding[]]> {
  const type = facts.type ?? ''
  const recognised = recognise(type, message)
  const byBase = recognised.kind === 'other' ? baseOf(facts) : recognised
  const found = await diagnose({ source: program, facts, ...byBase }, sandbox)
  const [first, ...others] = found ?? []
  if (first !== undefined) return [first, ...others]
  const line = facts.frames.at(-1)?.line ?? 1
  const params = { error: type, message: facts.message ?? '', text: lineOf(program, line), inside: '', line: `${line}` }
  return [{ class: 'other-error', params, line, column: 1, edits: [] }]
}

/** A class that is based on one of Python's own means what that one means. */
function baseOf(facts: Facts): ReturnType<typeof recognise> {
  const known = facts.bases
    .slice(1)
    .map(base => recognise(base, facts.message ?? ''))
    .find(({ kind }) => kind !== 'other')
  return known ?? { kind: 'other', groups: {} }
}

const lineOf = (program: string, line: number): string => program.split(/\r\n|\r|\n/u)[line - 1]?.trim() ?? ''
