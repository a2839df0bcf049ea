import { execa } from 'execa'
import { sql } from 'kysely'
import { Client } from 'pg'
import { postgresUrl } from '../../../platform/engines/postgres.ts'
import { root } from '../../test-platform.ts'
import type { LocalTestPlatform } from '../../test-platform-local.ts'
import { defineScenario } from '../scenario.ts'

/** Takes every connection that it can get, and keeps them. */
const hog = `
  const { Client } = await import('pg')
  for (;;) {
    const client = new Client({ connectionString: process.argv[1] })
    client.on('error', () => {})
    await client.connect().catch(() => new Promise(resolve => setTimeout(resolve, 200)))
  }`

const urlOf = ({ topology: { postgres } }: LocalTestPlatform): string => postgresUrl({ folder: '', ...postgres })

/** A session that locks a table until it is killed; somebody hands in a program meanwhile. */
const locked = (table: string, after: string) =>
  defineScenario({
    id: `postgres.locked-${table}`,
    after,
    roots: [
      {
        cause: new RegExp(`a session of the database locks ${table} \\(someone, idle in transaction`),
        fix: /^kill \d+/,
      },
    ],
    async strike(platform, undo) {
      const other = new Client({ connectionString: urlOf(platform), application_name: 'someone' })
      other.on('error', () => {})
      undo.defer(async () => other.end().catch(() => {}))
      await other.connect()
      await other.query('begin')
      await other.query(`lock table ${table} in access exclusive mode`)
      const client = platform.probe.client({ student: platform.probe.newStudent() })
      const waits = client.submit('square', 'def square(n): return n * n', 'locked-out').catch(() => undefined)
      undo.defer(async () => void (await waits))
    },
  })

export const postgresScenarios = [
  locked('submission', 'SREGym postgres_lock_contention'),
  locked('outbox', 'SREGym postgres_lock_contention'),
  defineScenario({
    id: 'postgres.connections-used',
    after: 'own',
    roots: [{ cause: /all connections of PostgreSQL are used \(process \d+ holds/, fix: /^kill \d+$/ }],
    async strike(platform, undo) {
      const greedy = execa(process.execPath, ['--input-type=module', '--eval', hog, urlOf(platform)], {
        cwd: root,
        reject: false,
      })
      undo.defer(async () => {
        greedy.kill()
        await greedy
      })
      await Promise.resolve()
    },
  }),
  defineScenario({
    id: 'postgres.password-changed',
    after: 'SREGym secret_rotation_stale_env',
    roots: [{ cause: /PostgreSQL refuses the password of this platform/, fix: /^learnflow postgres deploy$/ }],
    async strike({ stores: { history } }) {
      await sql.raw(`alter user learnflow password 'another-password-0123'`).execute(history.db)
      // Those who are connected stay so, and would notice nothing.
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(history.db)
    },
  }),
  defineScenario({
    id: 'postgres.hangs',
    after: 'AIOpsLab pod_failure',
    roots: [{ cause: /postgres stands still/, fix: /^kill -CONT \d+$/ }],
    strike: async platform => platform.signal('postgres', 'SIGSTOP'),
  }),
] as const
