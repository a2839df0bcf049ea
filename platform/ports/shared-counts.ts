/** Where several processes count together. Nothing is lost with it but what was counted in the last minute. */
export interface SharedCounts extends AsyncDisposable {
  /** A client of Redis as `@fastify/rate-limit` takes it. */
  client: object
  /** After this time a count has failed. */
  seconds: number
}
