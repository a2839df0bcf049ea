/** The ways to damage a platform, each a change to the real system. */
export interface Fault {
  /** Statements run on its database while the platform is down, such as a broken trigger or a missing row. */
  sql?: readonly string[]
  /** Replaces `sql` where the engines are servers, if other statements are needed there. */
  localSql?: readonly string[]
  /** Replaces the secret that signs tokens. */
  secret?: string
  /**
   * A module of `verify/faults/hooks`, loaded into its processes before they start: it listens at the fault seams of
   * `platform/steps.ts`.
   */
  hook?: string
  /** The platform stops answering, so a check notices the fault by getting no answer. */
  silences?: boolean
  /** Sent to its process once it is running. */
  signal?: NodeJS.Signals
  /** Puts a gateway in front that adds an operator's token to every request. */
  openGateway?: boolean
}
