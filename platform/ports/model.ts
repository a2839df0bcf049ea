/** What a model is told, which is ours, and what it is given, which is data and no instruction. */
export interface ModelPrompt {
  instructions: string
  data: string
}

/**
 * What came of a call. `circuit_open`: nothing was sent, because the last calls failed; `timed_out`: `signal` ended it;
 * `failed`: no connection, another status than 200, a redirect, or an answer that is too large or not of the protocol
 * (`why` says which, without anything that the endpoint wrote).
 */
export type ModelReply =
  | { ended: 'ok'; text: string }
  | { ended: 'circuit_open' | 'timed_out' }
  | { ended: 'failed'; why: string }

/** `open`: calls failed one after another, so that none is sent for a while; `half-open`: the next one decides. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** A language model. It never throws; what it says is believed by nobody before it is checked. */
export interface Model {
  /** The name of the model and the `host:port` that it is asked at, as `/health/ready` shows them. */
  readonly name: string
  readonly host: string
  /** How long wording one answer may take, checks included, and how many a student may have worded in a UTC day. */
  readonly limits: { seconds: number; callsPerDay: number }
  breaker(): BreakerState
  /** One answer, complete, of at most about `maxWords` words. `signal` must be one that ends. */
  complete(prompt: ModelPrompt, options: { maxWords: number; signal: AbortSignal }): Promise<ModelReply>
}
