import * as z from 'zod'
import type { ScriptResult } from '../../skills/definition.ts'
import { printData, printLines } from '../../skills/output.ts'

const Table = z.object({ csv: z.string() })

/** Prints the CSV of the script `teaching/grades` and nothing else, so that it can be sent into a file. */
export async function printGrades({ data }: ScriptResult, { json }: { json: boolean }): Promise<void> {
  if (json) return printData(data)
  printLines([Table.parse(data).csv.replace(/\n$/, '')])
}
