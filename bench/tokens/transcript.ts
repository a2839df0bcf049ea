/**
 * One item that enters the context of a coding agent. `tokens` counts the larger half, because a host shows either the
 * text or the structured content.
 */
export interface Entry {
  kind: 'call' | 'result'
  text: string
  structured?: string
  tokens: number
  /** Tokens of the text alone and of the structured content alone, if there is any. */
  halves?: { text: number; structured: number }
}

/** What one route costs for one task. */
export interface Cost {
  calls: number
  call_tokens: number
  result_tokens: number
  /** The same results in a host that shows the text, and in one that shows the structured content. */
  text_tokens: number
  structured_tokens: number
  ms: number
  ok: boolean
}

/** Everything that one route sent and received, in order. */
export interface Transcript {
  call(text: string): void
  result(text: string, structured?: string): void
  entries: readonly Entry[]
  cost(ok: boolean, ms: number): Cost
}

export function openTranscript(count: (text: string) => number): Transcript {
  const entries: Entry[] = []
  const sum = (kind: Entry['kind'], of: (entry: Entry) => number): number =>
    entries.filter(entry => entry.kind === kind).reduce((total, entry) => total + of(entry), 0)
  return {
    entries,
    call: text => void entries.push({ kind: 'call', text, tokens: count(text) }),
    result(text, structured) {
      if (structured === undefined) return void entries.push({ kind: 'result', text, tokens: count(text) })
      const halves = { text: count(text), structured: count(structured) }
      return void entries.push({
        kind: 'result',
        text,
        structured,
        halves,
        tokens: Math.max(halves.text, halves.structured),
      })
    },
    cost: (ok, ms) => ({
      calls: entries.filter(({ kind }) => kind === 'call').length,
      call_tokens: sum('call', ({ tokens }) => tokens),
      result_tokens: sum('result', ({ tokens }) => tokens),
      text_tokens: sum('result', ({ tokens, halves }) => halves?.text ?? tokens),
      structured_tokens: sum('result', ({ tokens, halves }) => halves?.structured ?? tokens),
      ms: Math.round(ms),
      ok,
    }),
  }
}
