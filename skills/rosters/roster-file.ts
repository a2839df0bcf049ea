import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'

const columns = ['student_id', 'student', 'id', 'sub']
const Rows = z.array(z.union([z.string(), z.looseObject({ student_id: z.string() })]))

/**
 * The ids in a list of students: JSON (an array of ids, or of objects with `student_id`), or CSV whose column
 * `student_id`, or else the first, holds them.
 * @throws NOT_FOUND, INVALID_INPUT
 */
export async function readRoster(path: string): Promise<string[]> {
  const text = (
    await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new PlatformError('NOT_FOUND', `there is no file ${path}`, { hint: 'Give a CSV or JSON file.', cause })
    })
  ).replace(/^\u{feff}/u, '')
  const ids = /^\s*[[{]/.test(text) ? fromJson(text, path) : fromCsv(text)
  if (ids.length > 0) return ids
  throw new PlatformError('INVALID_INPUT', `${path} names no student`, { hint: 'One id a line is enough.' })
}

function fromJson(text: string, path: string): string[] {
  try {
    return Rows.parse(JSON.parse(text)).map(row => (typeof row === 'string' ? row : row.student_id))
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `${path} is no JSON array of ids or of objects with student_id`, {
      hint: 'For example: ["ann", "bob"].',
      cause,
    })
  }
}

function fromCsv(text: string): string[] {
  const rows = text
    .split(/\r\n|\n|\r/)
    .filter(line => line.trim() !== '')
    .map(cellsOf)
  const head = rows[0]?.map(name => name.toLowerCase()) ?? []
  const column = columns.map(name => head.indexOf(name)).find(at => at >= 0)
  return rows.slice(column === undefined ? 0 : 1).map(cells => cells[column ?? 0] ?? '')
}

/** The cells of a line of CSV (RFC 4180), also of one with semicolons; a cell holds no line break here. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|[,;\t])(?:\s*"((?:[^"]|"")*)"\s*|([^,;\t]*))/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  )
}
