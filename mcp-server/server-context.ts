import type { Config } from '../platform/config.ts'
import { folderRedactor } from '../skills/redact.ts'
import type { Script } from '../skills/definition.ts'
import type { Redact } from './answer.ts'
import { type Catalogue, openCatalogue } from './catalog.ts'
import { type Confirmations, openConfirmations } from './confirm.ts'
import { type Jobs, openJobs } from './jobs.ts'

export interface McpContextOptions {
  /** The settings at the start; those that are right, when some were wrong. */
  config: Config
  /** The settings as they are now. @throws INVALID_INPUT naming file and line */
  settings?: () => Config
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
  /** The settings with which an operation runs now. @throws INVALID_INPUT when they are wrong and it needs them */
  settingsFor(script: Pick<Script, 'whateverSettings'>): Config
  /** The settings now, or those at the start while they are wrong. */
  settingsNow(): Config
  /**
   * Returns the function that removes secrets. It reads the folder's secret at each call, because `up` may create it
   * later.
   */
  redactor(): Promise<Redact>
}

const answerMs = 20_000

export function openMcpContext({ root, ...options }: McpContextOptions): McpContext {
  const { config, settings = () => config } = options
  const settingsFor = ({ whateverSettings }: Pick<Script, 'whateverSettings'>): Config => {
    try {
      return settings()
    } catch (error) {
      if (whateverSettings === true) return config
      throw error
    }
  }
  const settingsNow = (): Config => settingsFor({ whateverSettings: true })
  return {
    readOnly: false,
    answerMs,
    ...options,
    catalogue: openCatalogue(root),
    confirmations: openConfirmations(),
    settings,
    settingsFor,
    settingsNow,
    jobs: openJobs(config),
    redactor: async () => folderRedactor(settingsNow().LEARNFLOW_DATA_DIR),
  }
}
