import type { Config } from '../platform/config.ts'
import { folderRedactor } from '../skills/redact.ts'
import type { Redact } from './answer.ts'
import { type Catalogue, openCatalogue } from './catalog.ts'
import { type Confirmations, openConfirmations } from './confirm.ts'
import { type Jobs, openJobs } from './jobs.ts'

export interface McpContextOptions {
  config: Config
  version: string
  /** No tool changes anything. */
  readOnly?: boolean
  /** Another folder of skills than ours. */
  root?: string
  /** A call that is not done by then answers with the handle of its job, in milliseconds. */
  answerMs?: number
}

/** What the tools stand on; shared by every connection. */
export interface McpContext extends Required<Omit<McpContextOptions, 'root'>> {
  catalogue: Catalogue
  confirmations: Confirmations
  jobs: Jobs
  /** Takes secrets out; it looks for the folder's secret at each call, since `up` may make it later. */
  redactor(): Promise<Redact>
}

const answerMs = 20_000

export function openMcpContext({ root, ...options }: McpContextOptions): McpContext {
  const { config } = options
  return {
    readOnly: false,
    answerMs,
    ...options,
    catalogue: openCatalogue(root),
    confirmations: openConfirmations(),
    jobs: openJobs(config),
    redactor: async () => folderRedactor(config.LEARNFLOW_DATA_DIR),
  }
}
