import type { Config } from '../platform/config.ts'
import { folderRedactor } from '../skills/redact.ts'
import type { Redact } from './answer.ts'
import { type Catalogue, openCatalogue } from './catalog.ts'
import { type Confirmations, openConfirmations } from './confirm.ts'
import { type Jobs, openJobs } from './jobs.ts'

export interface McpContextOptions {
  config: Config
  version: string
  /** Whether tools that change anything are left out. */
  readOnly?: boolean
  /** The folder of the skills, if it is not ours. */
  root?: string
  /** Milliseconds after which an unfinished call answers with the handle of its job. */
  answerMs?: number
}

/** What the tools depend on; shared by every connection. */
export interface McpContext extends Required<Omit<McpContextOptions, 'root'>> {
  catalogue: Catalogue
  confirmations: Confirmations
  jobs: Jobs
  /**
   * Returns the function that removes secrets. It reads the folder's secret at each call, because `up` may create it
   * later.
   */
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
