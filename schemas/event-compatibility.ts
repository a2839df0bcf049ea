import avsc, { type Schema } from 'avsc'
import type { AvroRecord } from './avro.ts'
import { eventFiles, type Files } from './generated.ts'
import type { JsonSchema } from './json-schema.ts'
import { type Change, compareAt } from './compatibility.ts'

/**
 * Why a reader with the current Avro schema cannot read what the baseline's writer wrote; undefined when it can (Avro
 * 1.11, schema resolution).
 */
export function avroMismatch(baseline: AvroRecord, current: AvroRecord): string | undefined {
  const [writer, reader] = [baseline, current].map(schema => avsc.Type.forSchema(schema as unknown as Schema))
  try {
    if (writer !== undefined) reader?.createResolver(writer)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * What changed in the event schemas since the baseline, in both schema languages; a path begins with the event type:
 * `submission.graded/data.score`.
 */
export function compareEvents(baseline: Files, current: Files = eventFiles()): Change[] {
  return [...new Set([...baseline.keys(), ...current.keys()])].toSorted().flatMap(file => {
    const [before, after] = [baseline.get(file), current.get(file)]
    const event = file.replace(/^.*\//, '').replace(/\.(?:json|avsc)$/, '')
    if (file.endsWith('.avsc'))
      return before === undefined || after === undefined ? [] : avroChange(event, JSON.parse(before), JSON.parse(after))
    if (before === undefined) return [{ path: event, change: 'added', breaking: false }]
    if (after === undefined) return [{ path: event, change: 'removed', breaking: true }]
    return compareAt(JSON.parse(before) as JsonSchema, JSON.parse(after) as JsonSchema, `${event}/`)
  })
}

function avroChange(path: string, before: unknown, after: unknown): Change[] {
  const mismatch = avroMismatch(before as AvroRecord, after as AvroRecord)
  return mismatch === undefined ? [] : [{ path, change: `Avro: ${mismatch}`, breaking: true }]
}
