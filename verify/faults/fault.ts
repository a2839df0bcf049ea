/** What can be done to a platform, each by real means. */
export interface Fault {
  /** Statements run on its database while it is down: a broken trigger, a missing row. */
  sql?: readonly string[]
  /** The same where the engines are servers, if it has to be otherwise there. */
  localSql?: readonly string[]
  /** Replaces the secret that signs tokens. */
  secret?: string
  /** A module of `verify/faults/hooks`, loaded into its processes before they start: it listens at the fault seams of `platform/steps.ts`. */
  hook?: string
  /** It keeps the platform from answering: a check notices it by getting no answer. */
  silences?: boolean
  /** Sent to its process once it runs. */
  signal?: NodeJS.Signals
  /** Puts a gateway in front that gives every request an operator's token. */
  openGateway?: boolean
}
