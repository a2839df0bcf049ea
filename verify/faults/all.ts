import type { Fault } from './fault.ts'

/** A trigger that runs `body` (plpgsql) before each insert or update. */
const trigger = (table: string, body: string): string[] => [
  `create function fault_${table}() returns trigger language plpgsql as $$ begin ${body} return new; end $$`,
  `create trigger fault before insert or update on ${table} for each row execute function fault_${table}()`,
]

/** Later events are ordered before earlier ones; grades take `seconds`, so that some events have to wait. */
const scrambled = (seconds: number): string[] => [
  'create function fault_scramble() returns trigger language plpgsql as $$ begin new.position := ' +
    '-new.position; return new; end $$',
  'create trigger fault before insert on inbox for each row execute function fault_scramble()',
  ...trigger('grade', `perform pg_sleep(${seconds});`),
]

/** The damage that each check must notice, named by what is broken. */
export const faults = {
  'platform-stopped': { signal: 'SIGSTOP', silences: true },
  'gateway-adds-token': { openGateway: true },
  'weak-secret': { secret: 'changeme' },
  'grades-cannot-be-stored': { sql: trigger('grade', "raise exception 'the disk of grades is gone';") },
  'grades-flipped': {
    sql: trigger('grade', "new.verdict := case new.verdict when 'failed' then 'passed' else 'failed' end;"),
  },
  'keys-forgotten': {
    sql: [
      'create function fault_forget() returns trigger language plpgsql as $$ begin delete from ' +
        'idempotency_key where student_id = new.student_id; return null; end $$',
      'create trigger fault after insert or update on idempotency_key for each row execute function fault_forget()',
    ],
  },
  'inbox-scrambled': { sql: scrambled(0.05), localSql: scrambled(1) },
  'state-corrupted': { sql: trigger('state_entry', "new.value := jsonb_set(new.value, '{mastery}', '1');") },
  'topic-dropped': {
    sql: [
      "delete from log_partition where topic = 'dead-letter.queue'",
      ...trigger('log_partition', "if new.topic = 'dead-letter.queue' and new.partition > 2 then return null; end if;"),
    ],
  },
  'dead-letters-refused': {
    sql: trigger(
      'log_record',
      "if new.topic = 'dead-letter.queue' then raise exception 'no room for dead letters'; end if;",
    ),
  },
  'events-mangled': { sql: trigger('outbox', `new.value := replace(new.value, '"passed"', '"great"');`) },
  'sandbox-unhardened': { hook: 'sandbox-unhardened' },
  'sandbox-untimed': { hook: 'sandbox-untimed' },
  'sandbox-unlimited': { hook: 'sandbox-unlimited' },
  'sandbox-shared': { hook: 'sandbox-shared' },
} as const satisfies Record<string, Fault>

export type Faults = typeof faults
export type FaultName = keyof Faults

/**
 * Faults that one platform has at once: the checks of each still pass under the others, which
 * `verify/negative.slow.test.ts` proves.
 */
const together: readonly (readonly FaultName[])[] = [
  [
    'gateway-adds-token',
    'weak-secret',
    'grades-cannot-be-stored',
    'sandbox-unhardened',
    'sandbox-unlimited',
    'platform-stopped',
  ],
  ['keys-forgotten', 'topic-dropped', 'state-corrupted'],
  ['grades-flipped', 'dead-letters-refused'],
  ['inbox-scrambled', 'events-mangled'],
]
const names = Object.keys(faults) as FaultName[]

/**
 * Every fault in one group; one that is not in `together` has a platform of its own, such as `sandbox-untimed`, whose
 * check would wait behind the programs of other faults.
 */
export const faultGroups: readonly (readonly FaultName[])[] = [
  ...together,
  ...names.filter(name => !together.some(group => group.includes(name))).map(name => [name]),
]
