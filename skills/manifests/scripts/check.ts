import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { checkOverlay, checkText, type Finding, unusedImages } from '../../../platform/manifests/check.ts'
import { readResources } from '../../../platform/manifests/render.ts'
import { manifestsFolder, shortFile } from '../../../platform/manifests/resource.ts'
import { defineScript, runAsMain } from '../../script.ts'

const folder = join(manifestsFolder, 'kubernetes')
const shown = 4

const Found = z.object({
  rule: z.string(),
  file: z.string(),
  object: z.string(),
  field: z.string(),
  message: z.string(),
})
/** What was looked at: how many objects in which overlay or file, and what is wrong. */
interface Looked {
  name: string
  objects: number
  findings: readonly Finding[]
}

const check = defineScript({
  about: 'Renders the Kubernetes manifests and says what in them names, fits or allows what it should not.',
  effect: 'reads',
  input: z.object({
    overlay: z.string().min(1).optional().describe('only this overlay').meta({ positional: true }),
    file: z.string().min(1).optional().describe('objects that another program rendered').meta({ path: true }),
  }),
  output: z.object({ objects: z.record(z.string(), z.number().int()), faults: z.array(Found) }),
  async run({ overlay, file }, { line }) {
    const looked = file === undefined ? await overlays(overlay) : [await rendered(file)]
    const faults = distinct(looked.flatMap(({ findings }) => findings))
    for (const fault of faults) line(lineOf(fault))
    const summary = looked.map(({ name, objects }) => `${name} ${objects}`).join(', ')
    return {
      summary: `${faults.length === 0 ? 'no fault' : counted(faults.length, 'fault')} in the objects of ${summary}`,
      data: { objects: Object.fromEntries(looked.map(({ name, objects }) => [name, objects])), faults },
      ...(faults.length === 0 ? {} : { failure: failureOf(faults) }),
    }
  },
})

const lineOf = ({ rule, file, object, field, message }: Finding): string =>
  `${file}: ${object} ${field}: ${message} (${rule})`

const failureOf = (faults: readonly Finding[]) => ({
  code: 'CHECK_FAILED' as const,
  message: [
    `${counted(faults.length, 'fault')} of the manifests`,
    ...faults.slice(0, shown).map(lineOf),
    ...(faults.length > shown ? [`${faults.length - shown} more`] : []),
  ].join('\n'),
  hint: `Mend ${faults[0]?.file ?? 'the files'}.`,
})

async function overlays(only: string | undefined): Promise<Looked[]> {
  const all = (await readdir(join(folder, 'overlays'))).toSorted()
  if (only !== undefined && !all.includes(only))
    throw new PlatformError('NOT_FOUND', `there is no overlay ${only.slice(0, 40)}`, {
      hint: `There are: ${all.join(', ')}.`,
    })
  const looked = await Promise.all(
    (only === undefined ? all : [only]).map(async name => ({ name, ...(await checkOverlay(name, folder)) })),
  )
  const isRendered = looked.every(({ objects }) => objects > 0)
  const unused = only === undefined && isRendered ? await unusedImages(all, folder) : []
  return looked.map((one, at) => ({ ...one, findings: [...one.findings, ...(at === 0 ? unused : [])] }))
}

async function rendered(file: string): Promise<Looked> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      hint: 'Give the path of a file of YAML documents.',
      cause,
    })
  })
  return { name: file, objects: readResources(text, file).length, findings: await checkText(text, file, folder) }
}

/** Each fault once, though several overlays have it; files as seen from the folder of the manifests. */
function distinct(findings: readonly Finding[]): Finding[] {
  const short = findings.map(finding => ({ ...finding, file: shortFile(finding.file, join(manifestsFolder, '..')) }))
  return [...new Map(short.map(finding => [lineOf(finding), finding])).values()]
}
export default check
if (import.meta.main) await runAsMain(import.meta, check)
