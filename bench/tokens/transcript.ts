/** One thing that enters the context of a coding agent. `dearer` is what is counted: hosts show a model the text or the structured content. */
export interface Entry {
  kind: 'call' | 'result'
  text: string
  structured?: string
  tokens: number
  /** Of the text alone, and of the structured content alone where there is any. */
  halves?: { text: number; structured: number }
}

/** What one route costs for one task. */
export interface Cost {
  calls: number
  call_tokens: number
  result_tokens: number
  /** The same results where the host shows text, and where it shows structured content. */
  text_tokens: number
  structured_tokens: number
  ms: number
  ok: boolean
}

/** Everything that was said on one route, in order. */
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
