import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { parseExercise } from '../../../schemas/exercise-file.ts'
import type { Problem } from '../../../schemas/positions.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { eventProblems } from '../event-file.ts'
import { counted } from '../../../schemas/counted.ts'

const shown = { problems: 4, characters: 90 }
const hints = {
  yaml: 'learnflow tutor check PATH says more of an exercise.',
  other: 'schemas/generated/json-schema/events has the schema of each type.',
}

function lineOf({ line, column, message }: Problem): string {
  const place = `${line}${column === undefined ? '' : `:${column}`}: `
  return `${place}${message.length > shown.characters ? `${message.slice(0, shown.characters)}…` : message}`
}

const validate = defineScript({
  about:
    'Says where an event (.json), a file of events (.jsonl) or an exercise (.yaml) is wrong, with line, ' +
    'column and field.',
  effect: 'reads',
  input: z.object({
    file: z.string().min(1).describe('a .json, .jsonl or .yaml file').meta({ positional: true, path: true }),
  }),
  output: z.object({ file: z.string(), kind: z.enum(['event', 'events', 'exercise']), count: z.number().int() }),
  async run({ file }) {
    const kind = fileKindOf(file)
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new PlatformError('NOT_FOUND', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
        hint: 'Give the path of a file.',
        cause,
      })
    })
    const { count, problems } = problemsOf(kind, text, file)
    if (problems.length > 0) {
      const more = problems.length > shown.problems ? [`and ${problems.length - shown.problems} more`] : []
      const lines = [
        `${basename(file)}: ${counted(problems.length, 'mistake')}`,
        ...problems.slice(0, shown.problems).map(lineOf),
        ...more,
      ]
      throw new PlatformError('CHECK_FAILED', lines.join('\n'), {
        hint: kind === 'exercise' ? hints.yaml : hints.other,
      })
    }
    return {
      summary: `${basename(file)}: ${count} valid ${kind === 'events' && count === 1 ? 'event' : kind}`,
      data: { file, kind, count },
    }
  },
})

type Kind = 'event' | 'events' | 'exercise'

function fileKindOf(file: string): Kind {
  const kinds: Record<string, Kind> = {
    '.json': 'event',
    '.jsonl': 'events',
    '.ndjson': 'events',
    '.yaml': 'exercise',
    '.yml': 'exercise',
  }
  const kind = kinds[extname(file).toLowerCase()]
  if (kind !== undefined) return kind
  throw new PlatformError('INVALID_INPUT', `${file} ends neither with .json, .jsonl nor .yaml`, {
    hint: 'The ending tells events from exercises.',
  })
}

function problemsOf(kind: Kind, text: string, file: string): { count: number; problems: readonly Problem[] } {
  if (kind === 'exercise') {
    const parsed = parseExercise(text, file)
    return { count: 1, problems: 'problems' in parsed ? parsed.problems : [] }
  }
  const { events, problems } = eventProblems(text, file, kind === 'events')
  return { count: events, problems }
}

export default validate
if (import.meta.main) await runAsMain(import.meta, validate)
