import { LearningEvent } from '../../schemas/events.ts'
import { parseYaml, placeIssues, type Problem } from '../../platform/positions.ts'

/** Reads JSON, or says where it stops being JSON. */
function parseJson(text: string, path: string): { value: unknown } | { problem: Problem } {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const { message } = error as SyntaxError
    const before = text.slice(0, Number(/at position (\d+)/.exec(message)?.[1] ?? text.length)).split('\n')
    return { problem: { path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message: message.replace(/ in JSON at position.*$/s, '') } }
  }
}

/** What is wrong with the text of one event. JSON is YAML, whose parser knows the place of each value. */
function problemsOf(text: string, path: string): Problem[] {
  const json = parseJson(text, path)
  if ('problem' in json) return [json.problem]
  const parsed = LearningEvent.safeParse(json.value)
  return parsed.success ? [] : placeIssues(parsed.error.issues, parseYaml(text, path), path)
}

/** Every mistake in a file of one event, or of one event per line. */
export function eventProblems(text: string, path: string, lines: boolean): { events: number; problems: Problem[] } {
  if (!lines) return { events: 1, problems: problemsOf(text, path) }
  const numbered = text.split('\n').flatMap((line, at) => (line.trim() === '' ? [] : [{ line, number: at + 1 }]))
  const problems = numbered.flatMap(({ line, number }) => problemsOf(line, path).map(problem => Object.assign(problem, { line: number })))
  return { events: numbered.length, problems }
}
