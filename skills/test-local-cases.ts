import { join } from 'node:path'

/** A folder with files for the cases, the folder that a backup is restored to, and what was made before them. */
interface Fixture {
  folder: string
  restored: string
  made: { request: string; backup: string; quiz: string }
}

/**
 * What a script does on this platform. `changes`: only the first of two runs changes something; `repeats`: every run
 * does. `exit`: where it is not 0. `busy`: whether it passes depends on how busy the machine is. `undo` comes after.
 */
export interface LocalCase {
  args?: () => Record<string, unknown>
  changes?: true
  repeats?: true
  exit?: number
  busy?: true
  undo?: [string, Record<string, unknown>]
}

const engines = ['kafka-deploy', 'postgres', 'redis-cluster', 'dapr-runtime'].map(
  (skill): Record<string, LocalCase> => ({
    [`${skill}/deploy`]: {},
    [`${skill}/status`]: {},
  }),
)
/** They need no argument and change nothing. */
const plain = [
  'dapr-runtime/components',
  'event-schemas/check',
  'event-schemas/generate',
  'history/migrate',
  'history/backups',
  'history/status',
  'incident-triage/diagnose',
  'incident-triage/troubles',
  'kafka-topics/create',
  'kafka-topics/dead-letters',
  'kafka-topics/list',
  'manifests/check',
  'platform-up/install-engines',
  'platform-up/status',
  'settings/check',
  'state-store/rebuild',
  'state-store/status',
  'teaching/classes',
  'tutoring/exercises',
  'tutoring-agents/status',
]

/** A case for each script, except those that stop the platform or need something to delete. */
export const localCases = ({ folder, restored, made }: Fixture): Readonly<Record<string, LocalCase>> => ({
  ...Object.assign({}, ...engines),
  ...Object.fromEntries(plain.map((id): [string, LocalCase] => [id, {}])),
  'access/token': { args: () => ({ student: 'ann' }), repeats: true },
  'event-schemas/validate': { args: () => ({ file: join(folder, 'square', 'exercise.yaml') }) },
  'history/backup': { changes: true },
  'history/restore': { args: () => ({ name: made.backup, to: restored }), changes: true },
  'incident-triage/logs': { args: () => ({ grep: 'Server listening', process: 'api' }) },
  'incident-triage/trace': { args: () => ({ request_id: made.request }) },
  'kafka-topics/dead-letter': { args: () => ({ letter: 'learning.events/0/0/nobody' }), exit: 3 },
  'kafka-topics/discard': { args: () => ({ code: 'NOBODY_HAS_IT' }) },
  'kafka-topics/lag': { args: () => ({ group: 'exercise' }) },
  'kafka-topics/produce': { args: () => ({ key: 'synthetic-local', value: 'no event' }), repeats: true },
  'kafka-topics/read': { args: () => ({ topic: 'learning.events', partition: 0 }) },
  'kafka-topics/replay': { args: () => ({ code: 'NOBODY_HAS_IT' }) },
  'latency-verify/end-to-end': { args: () => ({ count: 10 }), busy: true },
  'latency-verify/grading': { args: () => ({ count: 10 }), busy: true },
  'latency-verify/state': { args: () => ({ count: 50 }), busy: true },
  'latency-verify/triage': { args: () => ({ count: 10 }), busy: true },
  'platform-up/doctor': { args: () => ({ target: 'local' }) },
  'platform-up/up': { args: () => ({ target: 'local' }) },
  'platform-verify/all': { busy: true },
  'platform-verify/diagnosis': { args: () => ({ id: ['no-such-scenario'] }), exit: 3 },
  'platform-verify/edge': { args: () => ({ url: 'http://127.0.0.1:1' }), exit: 4 },
  'platform-verify/negative': { args: () => ({ id: ['no-such-check'] }), exit: 3 },
  'platform-verify/one': { args: () => ({ id: ['topics'] }) },
  'platform-verify/throwaway': { args: () => ({ id: ['no-such-check'] }), exit: 3 },
  'rosters/list': { args: () => ({ class: 'c1' }) },
  'rosters/remove': { args: () => ({ student: 'nobody-there', class: 'c1' }) },
  'settings/show': { args: () => ({ name: 'lease_seconds' }) },
  'state-store/get': { args: () => ({ key: 'student:{nobody}:mastery:latest:basics' }), exit: 3 },
  'teaching/alerts': { args: () => ({ class: 'c1' }) },
  'teaching/assign': {
    args: () => ({ exercise: 'square', class: 'c1', due: '2030-01-31T12:00:00Z' }),
    changes: true,
    undo: ['teaching/assign', { exercise: 'square', class: 'c1', undo: true }],
  },
  'teaching/assignments': { args: () => ({ class: 'c1' }) },
  'teaching/wish': { args: () => ({ wish: 'exercises on pointers' }) },
  'teaching/grades': { args: () => ({ class: 'c1' }) },
  'tutoring/answer': {
    args: () => ({ quiz: made.quiz, question: 1, answer: 'a', student: 'ann' }),
    changes: true,
  },
  'tutoring/quiz': { args: () => ({ topic: 'for loops', questions: 1 }), repeats: true },
  'tutoring/ask': { args: () => ({ message: 'x' }), repeats: true },
  'tutoring/assignments': { args: () => ({ student: 'ann' }) },
  'tutoring/hint': {
    args: () => ({ exercise: 'square', file: join(folder, 'square', 'reference.py') }),
    repeats: true,
  },
  'tutoring/notifications': { args: () => ({ student: 'ann' }) },
  'tutoring/exercise': { args: () => ({ id: 'square' }) },
  'tutoring/new-exercise': { args: () => ({ folder: join(folder, 'new-square') }), changes: true },
  'tutoring/progress': { args: () => ({ student: 'ann' }) },
  'tutoring/submission': { args: () => ({ id: made.request, student: 'ann' }) },
  'tutoring/submissions': { args: () => ({ student: 'ann' }) },
  // After those that show the submission without it.
  'teaching/comment': { args: () => ({ id: made.request, class: 'c1', text: 'Good', line: 1 }), changes: true },
  'tutoring-agents/deploy': { args: () => ({ name: 'exercise' }) },
  'tutoring-agents/remove': {
    args: () => ({ name: 'triage' }),
    changes: true,
    undo: ['tutoring-agents/deploy', { name: 'triage' }],
  },
  'tutoring-agents/restart': { args: () => ({ name: 'progress' }), repeats: true },
  'tutoring-agents/rollback': { args: () => ({ name: 'progress' }) },
  'tutoring-agents/scale': {
    args: () => ({ name: 'progress', processes: 2 }),
    changes: true,
    undo: ['tutoring-agents/rollback', { name: 'progress' }],
  },
})
