import { readMessage as read } from '../message/read-message.ts'

/** What a message says: its prose in lower case with plain apostrophes, and its lines of code. */
export interface Message {
  prose: string
  program: string
}

const longest = 6_000

/** What the first 6,000 characters of a message say, as patterns over words take it. Never throws. */
export function readMessage(text: string): Message {
  const { prose, code } = read(text.slice(0, longest).normalize('NFKC'))
  const lines = prose.split('\n').map(line => line.trim())
  const said = lines.filter(line => line !== '').join(' \n ')
  return { prose: said.toLowerCase().replace(/[’‘´`]/g, "'"), program: code }
}
