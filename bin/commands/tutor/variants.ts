import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileName } from '../../../tutor/exercise/parse-exercise.ts'
import { type Variant, generateVariants } from '../../../tutor/exercise/generate-variants.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { type Output, report, withSandbox } from './io.ts'

/** Makes proven variants of a template and reports each, or writes each into a folder of its own under `out`. */
export async function varyTemplate(
  path: string,
  options: Output & { count: string; seed: string; out?: string },
): Promise<void> {
  const count = Number(options.count)
  if (!Number.isInteger(count) || count < 1 || count > 1_000)
    throw new PlatformError('INVALID_INPUT', `--count is 1 to 1000, not ${options.count}`, {
      hint: 'learnflow tutor vary --help',
    })
  const variants = await withSandbox(async sandbox => generateVariants(path, { count, seed: options.seed }, sandbox))
  for (const variant of variants) {
    if (options.out !== undefined) await write(join(options.out, variant.exercise.id), variant)
    const { exercise, values, mutants } = variant
    const { id, title, statement, tests } = exercise
    report(
      { id, title, values, statement, tests, mutants: { made: mutants.made, caught: mutants.caught } },
      options,
      options.json === true || options.jsonl === true,
      toText,
    )
  }
}

async function write(folder: string, { text, programs }: Variant): Promise<void> {
  await mkdir(folder, { recursive: true })
  const files = Object.entries({ [fileName]: text, ...programs })
  await Promise.all(files.map(async ([name, content]) => writeFile(join(folder, name), content)))
}

const toText = ({
  id,
  values,
  mutants,
}: {
  id: string
  values: Record<string, string>
  mutants: { made: number; caught: number }
}): string =>
  `${id}: ${Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}; ${mutants.caught} of ${mutants.made} mutants caught`
