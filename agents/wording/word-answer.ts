import { createHash, randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { History } from '../../platform/ports/history.ts'
import type { Model } from '../../platform/ports/model.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { WordedBy } from '../../schemas/words.ts'
import { type Brief, maxWordsOf } from '../../tutor/wording/brief.ts'
import { checkWording } from '../../tutor/wording/check.ts'
import { promptOf } from '../../tutor/wording/prompt.ts'
import { storableText } from '../json-text.ts'
import { type Call, noteLate, settleCall, takeCall, type WordingOutcome } from './calls.ts'

export interface WordingPorts {
  history: Pick<History, 'db' | 'transaction'>
  sandbox: Sandbox
  model: Model | undefined
  logger: Logger
}

/** Whose answer it is; `key` is the same whenever it is delivered again, `since` when the student asked. */
export interface Asked {
  studentId: string
  key: string
  since: Date
}

export interface Worded {
  text: string
  worded_by: WordedBy
}

interface Attempt {
  outcome: WordingOutcome
  reason: string | null
  reply: string | null
}

/** A student who has waited this long gets the plain text at once, so that no queue grows behind a slow model. */
const patienceMs = 5_000

/**
 * An answer as a model words it, or the plain text: where there is no model, it fails or is late, the student's budget is
 * used up, or a check refuses what it says. Runs outside any transaction, asks at most once for each answer, and takes
 * at most `limits.seconds` and the time of three short queries.
 */
export async function wordAnswer(ports: WordingPorts, brief: Brief, asked: Asked): Promise<Worded> {
  const plain = { text: brief.text, worded_by: null }
  const { model, logger, history } = ports
  if (model === undefined || brief.text === '') return plain
  const call = { key: asked.key, studentId: asked.studentId, answerHash: hashOf(brief.text) }
  try {
    const attempt = await attemptOf({ ...ports, model }, brief, call, asked.since)
    if ('outcome' in attempt) {
      await settleCall(history, call.key, attempt)
      const { outcome, reason } = attempt
      logger[outcome === 'worded' ? 'debug' : 'info']({ call: call.key, outcome, reason }, 'a model was asked')
    }
    return attempt.reply === null ? plain : { text: attempt.reply, worded_by: 'model' }
  } catch (error) {
    // The answer is right as it is: no trouble with its wording may keep it from the student.
    logger.warn({ err: error, call: call.key }, 'an answer was not worded')
    return plain
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** What a model said, checked; only the reply where it was asked before or nothing is sent. */
async function attemptOf(
  ports: WordingPorts & { model: Model },
  brief: Brief,
  call: Call,
  since: Date,
): Promise<Attempt | { reply: string | null }> {
  const { model, history } = ports
  if (Date.now() - since.getTime() > patienceMs) {
    await noteLate(history, call)
    return { reply: null }
  }
  const taken = await takeCall(history, call, model.limits.callsPerDay)
  if (taken === 'over_budget') return { reply: null }
  return taken === 'asked' ? askModel(ports, brief, call) : taken
}

async function askModel(
  { model, sandbox }: WordingPorts & { model: Model },
  brief: Brief,
  call: Call,
): Promise<Attempt> {
  const plain = (outcome: WordingOutcome, reason: string | null = null): Attempt => ({ outcome, reason, reply: null })
  const signal = AbortSignal.timeout(model.limits.seconds * 1_000)
  const canary = `mark-${randomBytes(6).toString('hex')}`
  const said = await model.complete(promptOf(brief, canary), { maxWords: maxWordsOf(brief), signal })
  if (said.ended !== 'ok') return plain(said.ended, said.ended === 'failed' ? said.why : null)
  const text = storableText(said.text.trim())
  try {
    const reason = await checkWording(text, brief, canary, { sandbox, owner: call.studentId, signal })
    return reason === undefined ? { outcome: 'worded', reason: null, reply: text } : plain('refused', reason)
  } catch (error) {
    if (signal.aborted) return plain('timed_out', 'while its programs ran')
    throw error
  }
}
