import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { route } from '../../../tutor/triage/route.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { type Output, report } from './io.ts'

const Message = z.looseObject({ text: z.string() })

/** Routes the messages on stdin: one JSON object, or with `jsonl` one per line. */
export async function triage(options: Output): Promise<void> {
  const given = await text(process.stdin)
  const parts = options.jsonl === true ? given.split('\n') : [given]
  for (const [at, part] of parts.entries()) {
    if (part.trim() === '') continue
    const { intent, confidence, reason, alternatives } = route(readMessage(part, at + 1))
    report({ intent, confidence, reason, alternatives }, options, true, ({ intent }) => intent)
  }
}

function readMessage(part: string, line: number): string {
  try {
    return Message.parse(JSON.parse(part)).text
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `line ${line} of stdin is not {"text": "..."}`, {
      hint: 'Several messages: one a line, with --jsonl.',
      cause,
    })
  }
}
