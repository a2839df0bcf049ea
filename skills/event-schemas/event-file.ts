import { LearningEvent } from '../../schemas/learning-event.ts'
import { parseYaml, placeIssues, type Problem } from '../../schemas/positions.ts'

/** Why the text is not JSON; undefined when it is, or when more text could complete it. */
function fault(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const { message } = error as SyntaxError
    const unfinished =
      /end of JSON input|Unterminated string/.test(message) || message.includes(`at position ${text.length} `)
    return unfinished ? undefined : message
  }
}

/**
 * How many characters at the beginning of the text are valid JSON so far. The engine does not always report where it
 * stopped, but if a beginning is invalid, every longer one is too.
 */
function soundLength(text: string): number {
  let [sound, broken] = [0, text.length + 1]
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1
    if (fault(text.slice(0, middle)) === undefined) sound = middle
    else broken = middle
  }
  return sound
}

/** Reads JSON, or returns where it stops being valid. */
function parseJson(text: string, path: string): { value: unknown } | { problem: Problem } {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    const sound = soundLength(text)
    const before = text.slice(0, sound).split('\n')
    const message =
      sound === text.length
        ? 'the JSON is not finished'
        : `unexpected ${JSON.stringify(text.slice(sound, sound + 1))} in JSON`
    return { problem: { path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message } }
  }
}

/** What is wrong with the text of one event. JSON is YAML, whose parser knows the position of each value. */
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
  if (numbered.length === 0) return { events: 0, problems: [{ path, line: 1, message: 'holds no event' }] }
  const problems = numbered.flatMap(({ line, number }) =>
    problemsOf(line, path).map(problem => Object.assign(problem, { line: number })),
  )
  return { events: numbered.length, problems }
}
