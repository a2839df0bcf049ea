import { readFile } from 'node:fs/promises'
import { BrokenCircuitError, CircuitState, circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel'
import * as z from 'zod'
import { PlatformError } from '../../errors.ts'
import type { BreakerState, Model, ModelPrompt, ModelReply } from '../../ports/model.ts'
import { readBounded } from './read-bounded.ts'

/** What is read of an answer; a wording is a few kB. */
const maxBytes = 65_536
const failuresToOpen = 5

/** `url` as `https://host/v1`; `keyFile` holds the key alone. The breaker opens for `openSeconds` (30). */
export interface ModelOptions {
  url: string
  name: string
  keyFile?: string | undefined
  limits: Model['limits']
  openSeconds?: number
}

/** Of an answer only the text of the first choice; what is cut off or calls tools is no answer. */
const Completion = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.string().nullish() }))
    .min(1),
})

/** Why a call failed; the message holds nothing that the endpoint wrote. */
class CallFailed extends Error {}

const breakerStates: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}

/**
 * A model at an OpenAI-compatible endpoint (`POST /chat/completions`). Follows no redirect, reads at most 64 kB, and
 * sends nothing for a while after five failures in a row. The key is read at each call, so that it can be changed.
 * @throws INVALID_INPUT when the file of the key does not hold one.
 */
export async function openaiModel({ url, name, keyFile, limits, openSeconds = 30 }: ModelOptions): Promise<Model> {
  const endpoint = new URL(`${url.replace(/\/+$/, '')}/chat/completions`)
  if (keyFile !== undefined) await readKey(keyFile)
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(failuresToOpen),
    halfOpenAfter: openSeconds * 1_000,
  })
  const call = async (body: string, signal: AbortSignal): Promise<string> => {
    const key = keyFile === undefined ? undefined : await readKey(keyFile)
    const text = await post(endpoint, body, key, signal)
    if (key !== undefined && text.includes(key)) throw new CallFailed('its answer holds the key')
    return text
  }
  return {
    name,
    host: endpoint.host,
    limits,
    breaker: () => breakerStates[breaker.state],
    async complete(prompt, { maxWords, signal }): Promise<ModelReply> {
      const body = JSON.stringify(bodyOf(name, prompt, maxWords))
      try {
        return { ended: 'ok', text: await breaker.execute(async () => call(body, signal)) }
      } catch (error) {
        if (error instanceof BrokenCircuitError) return { ended: 'circuit_open' }
        return signal.aborted ? { ended: 'timed_out' } : { ended: 'failed', why: whyOf(error) }
      }
    },
  }
}

/** A word of English is about one and a half tokens, one of code more. */
const bodyOf = (model: string, { instructions, data }: ModelPrompt, maxWords: number) => ({
  model,
  messages: [
    { role: 'system', content: instructions },
    { role: 'user', content: data },
  ],
  max_tokens: maxWords * 4,
  temperature: 0,
  stream: false,
})

async function post(endpoint: URL, body: string, key: string | undefined, signal: AbortSignal): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body,
    redirect: 'manual',
    signal,
  })
  if (answer.status !== 200) {
    await answer.body?.cancel()
    const kind = answer.status >= 300 && answer.status < 400 ? ', a redirect, which is not followed' : ''
    throw new CallFailed(`it answered ${answer.status}${kind}`)
  }
  const bytes = await readBounded(answer, maxBytes)
  if (bytes === undefined) throw new CallFailed(`its answer is larger than ${maxBytes} bytes`)
  const read = Completion.safeParse(jsonOf(bytes))
  const [choice] = read.data?.choices ?? []
  if (choice === undefined) throw new CallFailed('its answer is no chat completion')
  if ((choice.finish_reason ?? 'stop') !== 'stop') throw new CallFailed('its answer is not complete')
  return choice.message.content
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What may be logged of a failure: ours, or the code of the system, because other messages can hold what was sent. */
function whyOf(error: unknown): string {
  if (error instanceof CallFailed || error instanceof PlatformError) return error.message
  const { cause } = error as { cause?: { code?: unknown } }
  return typeof cause?.code === 'string' ? `no complete answer: ${cause.code}` : 'no complete answer'
}

/** The key in a file. The error names the file and nothing of what it holds. @throws INVALID_INPUT */
async function readKey(file: string): Promise<string> {
  const key = await readFile(file, 'utf8').then(
    text => text.trim(),
    (cause: unknown) => {
      throw new PlatformError('INVALID_INPUT', `the file of the model's key cannot be read: ${file}`, {
        hint: 'Correct LEARNFLOW_MODEL_KEY_FILE, or let this user read the file.',
        cause,
      })
    },
  )
  // What HTTP would refuse in a header ends up in the message of that error.
  if (/^[\x21-\x7E]+$/.test(key)) return key
  throw new PlatformError('INVALID_INPUT', `${file} must hold the key of the model alone, on one line`, {
    hint: 'Write the key into it, without spaces.',
  })
}
