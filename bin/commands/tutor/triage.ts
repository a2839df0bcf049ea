import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { Conversation } from '../../../schemas/words.ts'
import { route } from '../../../tutor/triage/route.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { type Output, report } from './io.ts'

const Message = z.looseObject({ text: z.string(), code: z.string().nullish(), context: Conversation.nullish() })

/** Routes the messages on stdin: one JSON object, or with `jsonl` one per line. */
export async function triage(options: Output): Promise<void> {
  const given = await text(process.stdin)
  const parts = options.jsonl === true ? given.split('\n') : [given]
  for (const [at, part] of parts.entries()) {
    if (part.trim() === '') continue
    const { text: message, ...beside } = readMessage(part, at + 1)
    report(route(message, beside), options, true, ({ intent }) => intent)
  }
}

function readMessage(part: string, line: number): z.infer<typeof Message> {
  try {
    return Message.parse(JSON.parse(part))
  } catch (cause) {
    throw new PlatformError(
      'INVALID_INPUT',
      `line ${line} of stdin is not {"text": "..."[, "code": "...", "context": {"last_agent": "..."}]}`,
      {
        hint: 'Several messages: one a line, with --jsonl.',
        cause,
      },
    )
  }
}
