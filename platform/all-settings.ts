import * as z from 'zod'
import '../schemas/missing.ts'
import { engineSettings } from './engine-settings.ts'
import { modelSettings } from './model-settings.ts'
import { tokenSettings } from './token-settings.ts'

/** Environment variables are text. An empty one is an error, because coercion would make it 0. */
const numeric = (value: unknown): unknown => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value)
const seconds = (low: number, high: number) => z.preprocess(numeric, z.number().min(low).max(high))
const count = (low: number, high: number) => z.preprocess(numeric, z.number().int().min(low).max(high))

/** Renamed settings: the old name and the new one. */
export const renamed: Readonly<Record<string, string>> = {
  LEARNFLOW_ENGINE: 'LEARNFLOW_DRIVERS',
  LEARNFLOW_ENGINES: 'LEARNFLOW_ENGINE_CACHE',
  LEARNFLOW_QUERY_SECONDS: 'LEARNFLOW_DEPENDENCY_SECONDS',
}

/**
 * All settings. Each can be set as environment variable, or in `learnflow.yaml` without the prefix and in lower case
 * (`http_port: 8787`).
 */
export const Config = z.strictObject({
  LEARNFLOW_DRIVERS: z
    .enum(['embedded', 'direct', 'dapr'])
    .default('embedded')
    .describe('the drivers this process uses'),
  LEARNFLOW_DATA_DIR: z
    .string()
    .min(1)
    .default('')
    .describe('the data folder of the embedded platform; by default `$XDG_DATA_HOME/learnflow`'),
  LEARNFLOW_EXERCISES: z
    .string()
    .min(1)
    .optional()
    .describe('the folder of the exercises, one folder each; by default those that come with LearnFlow'),
  LEARNFLOW_HTTP_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('the address the API listens on, and the health port of a worker'),
  LEARNFLOW_HTTP_PORT: count(0, 65_535).default(8787).describe('the port the API listens on; 0 takes a free one'),
  LEARNFLOW_HEALTH_PORT: count(1, 65_535)
    .optional()
    .describe('where a worker answers `/health/live`, `/health/ready` and `/metrics`; by default nowhere'),
  LEARNFLOW_MIGRATE: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'whether an API or worker process migrates the history and makes the topics at its start; with `off` it waits ' +
        'until `learnflow migrate` has',
    ),
  LEARNFLOW_CORS_ORIGINS: z
    .string()
    .regex(
      /^https?:\/\/[^\s,/]+(,https?:\/\/[^\s,/]+)*$/,
      'must be origins as https://host, with commas between several',
    )
    .optional()
    .describe('the origins of the pages that browsers may call the API from, with commas between; by default none'),
  LEARNFLOW_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('the least severe line that is logged'),
  LEARNFLOW_SANDBOX_PROCESSES: count(1, 64).default(2).describe('interpreter processes kept warm (about 170 MB each)'),
  LEARNFLOW_SANDBOX_QUEUE: count(1, 100_000)
    .default(1_000)
    .describe('programs run without a grade that may wait for an interpreter before 429'),
  LEARNFLOW_RUNS_PER_PERSON: count(1, 1_000)
    .default(8)
    .describe('programs run without a grade that one person may have running or waiting before 429'),
  LEARNFLOW_REQUESTS_PER_MINUTE: count(1, 1_000_000)
    .default(100)
    .describe(
      'requests to the API that one student, or one address without a valid token, may make in a minute before 429',
    ),
  LEARNFLOW_PROOF_SECONDS: seconds(1, 3_600)
    .default(60)
    .describe('interpreter time that the proof of an added exercise may take'),
  LEARNFLOW_CRISIS_CONTACT: z
    .string()
    .min(1)
    .default('https://findahelpline.com lists people who listen, free of charge, in your country.')
    .describe('whom a student is told to talk to who writes of suicide or self-harm'),
  LEARNFLOW_CRISIS_ALERT: z
    .enum(['off', 'on'])
    .default('off')
    .describe("whether such a message, without its text, is among the alerts of the student's classes"),
  LEARNFLOW_LEASE_SECONDS: seconds(1, 25)
    .default(10)
    .describe('how long a claim on a lane holds without renewal; below the 30 s promise'),
  LEARNFLOW_DEPENDENCY_SECONDS: seconds(0.5, 60)
    .default(10)
    .describe('the deadline of one call to PostgreSQL, Kafka, Redis or Dapr'),
  LEARNFLOW_MIN_FREE_MB: count(1, 100_000).default(64).describe('writes are refused below this much free disk space'),
  ...engineSettings,
  LEARNFLOW_LOCAL_PORTS: count(0, 65_000)
    .default(19_090)
    .describe('the first of the ports that the engines of the `local` target take; 0 takes free ones'),
  LEARNFLOW_DAPR_HTTP_PORT: count(1, 65_535).default(3500).describe('where the sidecar of this process listens'),
  LEARNFLOW_DAPR_APP_PORT: count(0, 65_535).default(3000).describe('where this process listens to its sidecar'),
  LEARNFLOW_ENGINE_CACHE: z
    .string()
    .min(1)
    .optional()
    .describe('where fetched engines are kept; by default `~/.cache/learnflow/engines`'),
  ...modelSettings,
  ...tokenSettings,
})
export type Config = z.infer<typeof Config>
