import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import { bankFolder } from '../exercise/bank.ts'
import { type Drawn, type Filled, readTemplate } from '../exercise/generate-variants.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'

/** A template of the folder; what is drawn for one owner has the same id as long as its text is the same. */
export interface WishTemplate {
  name: string
  /** @throws EXERCISE_FAULTY */
  draw(seed: string, owner: string): Promise<Drawn>
}

/** The templates that come with LearnFlow. */
export const templateFolder = join(bankFolder, '..', 'templates')

const endingOf = (owner: string, { values, text, programs }: Filled): string =>
  createHash('sha256')
    .update(JSON.stringify([owner, values, text, programs]))
    .digest('hex')
    .slice(0, 8)

/** Reads the templates of a folder, by name. One that cannot be read is among the faults, and keeps none away. */
export async function readTemplates(
  folder = templateFolder,
): Promise<{ templates: WishTemplate[]; faults: Refused[] }> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml')).toSorted()
  const faults: Refused[] = []
  const read = await Promise.all(
    names.map(async name =>
      readTemplate(join(folder, name)).then(
        template => [
          {
            name,
            draw: async (seed: string, owner: string) =>
              template.draw(`${name} ${seed}`, made => endingOf(owner, made)),
          },
        ],
        (error: unknown) => (faults.push(refusedBy(name, error)), []),
      ),
    ),
  )
  return { templates: read.flat(), faults }
}

let own: ReturnType<typeof readTemplates> | undefined

/** The templates that come with LearnFlow, read once. */
export const wishTemplates = async (): ReturnType<typeof readTemplates> => (own ??= readTemplates())

/** One exercise of each template, not proven: for what it is on. */
export async function samplesOf(templates: readonly WishTemplate[]): Promise<Exercise[]> {
  const drawn = await Promise.all(
    templates.map(async ({ name, draw }) =>
      draw('0', '').then(
        ({ exercise }) => [exercise],
        (error: unknown) => (refusedBy(name, error), []),
      ),
    ),
  )
  return drawn.flat()
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
