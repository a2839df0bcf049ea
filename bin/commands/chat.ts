import { createInterface } from 'node:readline'
import * as z from 'zod'
import type { ApiClient } from '../../api/client.ts'
import { PlatformError } from '../../platform/errors.ts'
import { ExerciseId, StudentId } from '../../schemas/words.ts'
import { configOf } from '../../skills/command.ts'
import { mistakesIn } from '../../skills/definition.ts'
import { printData, printFailure, printLines, tellProgress } from '../../skills/output.ts'
import { callerAs } from '../../skills/tutoring/client.ts'
import { programFrom } from '../../skills/tutoring/program.ts'
import { lastConversation, newConversation, say } from '../../skills/tutoring/talk.ts'
import { counted } from '../../schemas/counted.ts'

const Options = z.object({
  new: z.boolean().default(false),
  code: z.string().min(1).optional(),
  student: StudentId.optional(),
  json: z.boolean().default(false),
  data: z.string().optional(),
  tokenFile: z.string().optional(),
})

/** What a chat holds between two lines; `pasted` are the lines of a program that is being pasted. */
interface Chat {
  client: ApiClient
  json: boolean
  conversationId: string | undefined
  code: string | null
  pasted: string[] | undefined
}

const commands = '/new, /code FILE, /hint [EXERCISE], /help, /quit; a line ``` begins and ends a program'
const fence = /^\s*```/

/**
 * Holds a conversation on stdin and stdout, a line a message, until `/quit` or the end of the input. What goes wrong with
 * one line is told on stderr and sets the exit code; the next line is read nevertheless. @throws NOT_RUNNING, INVALID_INPUT
 */
export async function chatCommand(options: unknown): Promise<void> {
  const read = Options.safeParse(options)
  if (!read.success) throw new PlatformError('INVALID_INPUT', mistakesIn(read.error), { hint: 'learnflow chat --help' })
  const { student, json, data, tokenFile, new: fresh, code } = read.data
  const { client } = await callerAs(configOf(data, tokenFile), student)
  const last = fresh ? undefined : await lastConversation(client)
  const chat: Chat = {
    client,
    json,
    conversationId: last?.conversation_id,
    code: code === undefined ? null : await programFrom(code),
    pasted: undefined,
  }
  tellProgress(
    last === undefined ? 'A new conversation.' : `The conversation goes on: ${counted(last.turns, 'message')} so far.`,
  )
  tellProgress(commands)
  await hold(chat)
}

async function hold(chat: Chat): Promise<void> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const lines = createInterface({ input: process.stdin, output: terminal ? process.stdout : undefined, terminal })
  const ask = (): void => {
    if (!terminal) return
    lines.setPrompt(chat.pasted === undefined ? '> ' : '| ')
    lines.prompt()
  }
  ask()
  for await (const line of lines) {
    const goesOn = await take(chat, line).catch((error: unknown) => {
      printFailure(error, chat.json)
      return true
    })
    if (!goesOn) break
    ask()
  }
  lines.close()
  if (chat.pasted !== undefined) printFailure(noMessage('the pasted program is not closed by ```'), chat.json)
  else if (chat.code !== null) printFailure(noMessage('no message follows the program'), chat.json)
}

const noMessage = (fact: string): PlatformError =>
  new PlatformError('INVALID_INPUT', `${fact}, so it was not sent`, { hint: 'Write what you want to know of it.' })

/** Takes one line; false for the one that ends the chat. */
async function take(chat: Chat, line: string): Promise<boolean> {
  if (fence.test(line)) {
    if (chat.pasted !== undefined) chat.code = chat.pasted.join('\n')
    chat.pasted = chat.pasted === undefined ? [] : undefined
  } else if (chat.pasted !== undefined) chat.pasted.push(line)
  else if (/^\/[a-z]+(?:\s|$)/.test(line)) return command(chat, line.trim())
  else if (line.trim() !== '') await send(chat, line.trim())
  return true
}

/** @throws INVALID_INPUT for an unknown one */
async function command(chat: Chat, line: string): Promise<boolean> {
  const [name, ...words] = line.split(/\s+/)
  const rest = words.join(' ')
  if (name === '/quit') return false
  if (name === '/help') printLines([commands])
  else if (name === '/new') chat.conversationId = (await newConversation(chat.client)).conversation_id
  else if (name === '/hint') await send(chat, rest === '' ? 'hint' : `hint for the exercise "${idOf(rest)}"`)
  else if (name === '/code' && rest !== '') chat.code = await programFrom(fileOf(rest))
  else throw new PlatformError('INVALID_INPUT', `${line.slice(0, 80)} is no command of a chat`, { hint: commands })
  return true
}

/** @throws INVALID_INPUT */
function idOf(word: string): string {
  const { data } = ExerciseId.safeParse(word)
  if (data !== undefined) return data
  throw new PlatformError('INVALID_INPUT', `${word.slice(0, 80)} is not the id of an exercise`, {
    hint: 'learnflow exercises lists them.',
  })
}

/** @throws INVALID_INPUT, because stdin is the chat */
function fileOf(path: string): string {
  if (path !== '-') return path
  throw new PlatformError('INVALID_INPUT', '/code - cannot be read: stdin is the chat', {
    hint: 'Paste the program between two lines ```.',
  })
}

async function send(chat: Chat, text: string): Promise<void> {
  chat.conversationId ??= (await newConversation(chat.client)).conversation_id
  const { code } = chat
  chat.code = null
  const said = await say(chat.client, chat.conversationId, { text, code })
  if (chat.json) printData(said.data)
  else printLines([said.text])
}
