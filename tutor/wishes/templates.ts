import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import { bankFolder } from '../exercise/bank.ts'
import { type Drawn, readTemplate } from '../exercise/generate-variants.ts'

/** A template of the folder; the id of an exercise from it is the same for the same values. */
export interface WishTemplate {
  name: string
  /** @throws EXERCISE_FAULTY */
  draw(seed: string): Promise<Drawn>
}

/** The templates that come with LearnFlow. */
export const templateFolder = join(bankFolder, '..', 'templates')

const endingOf = (values: Readonly<Record<string, string>>): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 6)

/** Reads the templates of a folder, by name. One that cannot be read is among the faults, and keeps none away. */
export async function readTemplates(folder = templateFolder): Promise<{ templates: WishTemplate[]; faults: Refused[] }> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml')).toSorted()
  const faults: Refused[] = []
  const read = await Promise.all(
    names.map(async name =>
      readTemplate(join(folder, name)).then(
        template => [{ name, draw: async (seed: string) => template.draw(seed, endingOf) }],
        (error: unknown) => (faults.push(refusedBy(name, error)), []),
      ),
    ),
  )
  return { templates: read.flat(), faults }
}

/** An exercise or a template that is not shown, and why. */
export interface Refused {
  id: string
  reason: string
}

/** @throws the error when it does not say that an exercise is faulty */
export function refusedBy(id: string, error: unknown): Refused {
  if (error instanceof PlatformError && error.code === 'EXERCISE_FAULTY') return { id, reason: error.message }
  throw error
}
