import { join } from 'node:path'
import type { EntryPointName } from './test-entry-points.ts'

/** What the cases use: a folder with files for them, and what was made in the platform before them. */
interface Fixture {
  folder: string
  /** The folder that a backup is restored to, and a copy of the files that scaffolding changes. */
  restored: string
  tree: string
  made: { request: string; backup: string; code: string; quiz: string }
}

/**
 * How a script is tested. `volatile`: its figures change from moment to moment, so digits are not compared. `repeats`:
 * it does something every time. `already`: there is nothing to change. `doors`: only these entry points, where a run
 * takes long. `timing`: whether it passes depends on how busy the machine is, so only equal verdicts are compared.
 */
export interface ParityCase {
  args?: () => Record<string, unknown>
  volatile?: true
  timing?: true
  repeats?: true
  already?: true
  /** Running it would start engines that this target does not need. */
  onlyDry?: true
  doors?: EntryPointName[]
  /** One entry point after another, because two would lock the same folder. */
  inTurn?: true
  undo?: [string, Record<string, unknown>]
}

const few: EntryPointName[] = ['run', 'mcp']
/** Engines of another target; none of them runs here. */
const engines = ['kafka-deploy', 'postgres', 'redis-cluster'].map((skill): Record<string, ParityCase> => ({
  [`${skill}/deploy`]: { onlyDry: true, volatile: true },
  [`${skill}/remove`]: { already: true },
  [`${skill}/status`]: {},
}))
/** What is asked about a class and leaves it as it is. */
const ofClass: Record<string, ParityCase> = {
  'teaching/wish': { args: () => ({ wish: 'exercises on pointers' }), already: true },
  'rosters/list': { args: () => ({ class: 'c1' }) },
  'rosters/remove': { args: () => ({ student: 'nobody-there', class: 'c1' }), already: true },
}
const ofSettings: Record<string, ParityCase> = {
  'settings/check': { volatile: true },
  'settings/show': { args: () => ({ name: 'lease_seconds' }) },
}
const ofLetters: Record<string, ParityCase> = {
  'kafka-topics/dead-letters': {},
  'kafka-topics/dead-letter': { args: () => ({ letter: 'learning.events/0/0/nobody' }) },
  'kafka-topics/discard': { args: () => ({ code: 'NOBODY_HAS_IT' }), already: true },
}
/** What measures the platform. */
const ofVerify: Record<string, ParityCase> = {
  'platform-verify/all': { volatile: true, timing: true, doors: few },
  // Nothing answers there; what it finds at the API is tested in verify/edge.
  'platform-verify/diagnosis': { args: () => ({ id: ['no-such-scenario'] }) },
  'platform-verify/edge': { args: () => ({ url: 'http://127.0.0.1:1' }) },
  'platform-verify/negative': { args: () => ({ id: ['no-such-check'] }) },
  'platform-verify/one': { args: () => ({ id: ['topics'] }) },
  'platform-verify/throwaway': { args: () => ({ id: ['no-such-check'] }) },
}
/** A case for each script, except those that stop the platform or need something to delete. */
export const parityCases = ({ folder, restored, tree, made }: Fixture): Readonly<Record<string, ParityCase>> => ({
  ...Object.assign({}, ...engines),
  ...ofClass,
  ...ofSettings,
  ...ofLetters,
  ...ofVerify,
  'access/token': { args: () => ({ student: 'ann', role: 'teacher', classes: ['4a'] }), repeats: true },
  'access/tokens': { args: () => ({ students: join(folder, 'roster.csv') }), repeats: true },
  'dapr-runtime/components': {},
  'dapr-runtime/deploy': { onlyDry: true },
  'dapr-runtime/remove': { already: true },
  'dapr-runtime/status': {},
  'event-schemas/check': {},
  'event-schemas/generate': { already: true },
  'event-schemas/validate': { args: () => ({ file: join(folder, 'square', 'exercise.yaml') }) },
  'history/backups': {},
  'history/backup': { undo: ['history/discard', {}] },
  'history/migrate': { already: true },
  'history/restore': { args: () => ({ name: made.backup, to: restored }), inTurn: true },
  'history/status': { volatile: true },
  'image/build': { args: () => ({ to: join(folder, 'image.tar') }), onlyDry: true, volatile: true },
  'incident-triage/diagnose': { volatile: true },
  'incident-triage/trace': { args: () => ({ request_id: made.request }), volatile: true },
  'incident-triage/troubles': {},
  'kafka-topics/create': { already: true },
  'kafka-topics/lag': { args: () => ({ group: 'exercise' }) },
  'kafka-topics/list': {},
  'kafka-topics/produce': { args: () => ({ key: 'synthetic-parity', value: 'no event' }), repeats: true },
  'kafka-topics/read': { args: () => ({ topic: 'learning.events', partition: 0 }), volatile: true },
  'kafka-topics/replay': { args: () => ({ code: 'NOBODY_HAS_IT' }), already: true },
  'latency-verify/end-to-end': { args: () => ({ count: 10 }), volatile: true, timing: true, doors: few },
  'latency-verify/grading': { args: () => ({ count: 10 }), volatile: true, timing: true, doors: few },
  'latency-verify/state': { args: () => ({ count: 50 }), volatile: true, timing: true, doors: few },
  // More than one student may ask in a minute.
  'latency-verify/triage': { args: () => ({ count: 110 }), volatile: true, timing: true },
  'manifests/check': { args: () => ({ overlay: 'dev' }) },
  // It takes minutes, and a platform of its own each time.
  'platform-bench/run': { args: () => ({ name: ['start'], quick: true }), onlyDry: true },
  'platform-up/doctor': { volatile: true },
  'platform-up/install-engines': { onlyDry: true, volatile: true },
  'incident-triage/logs': { args: () => ({ grep: 'Server listening' }), volatile: true },
  'platform-up/status': { volatile: true },
  'platform-up/up': { already: true },
  'rosters/import': { args: () => ({ file: join(folder, 'roster.csv'), class: 'c1' }) },
  'rosters/invite': { args: () => ({ class: 'c1' }), repeats: true },
  'rosters/join': { args: () => ({ code: made.code, student: 'cat' }) },
  'state-store/get': { args: () => ({ key: 'student:{nobody}:mastery:latest:basics' }) },
  'state-store/rebuild': { already: true },
  'state-store/status': { volatile: true },
  // Two proofs of one author may be under way.
  'teaching/alerts': { args: () => ({ class: 'c1' }) },
  'teaching/assign': {
    args: () => ({ exercise: 'square', class: 'c1', due: '2030-01-31T12:00:00Z' }),
    undo: ['teaching/assign', { exercise: 'square', class: 'c1', undo: true }],
  },
  'teaching/assignments': { args: () => ({ class: 'c1' }) },
  'teaching/classes': {},
  'teaching/grades': { args: () => ({ class: 'c1' }) },
  'tutoring/add-exercise': { args: () => ({ path: join(folder, 'own', 'exercise.yaml') }), inTurn: true },
  'tutoring/answer': { args: () => ({ quiz: made.quiz, question: 1, answer: 'a', student: 'ann' }) },
  'tutoring/quiz': { args: () => ({ topic: 'for loops', questions: 1, key: 'parity' }), repeats: true },
  'tutoring/ask': { args: () => ({ message: 'x' }), repeats: true },
  'tutoring/assignments': { args: () => ({ student: 'ann' }) },
  'tutoring/hint': { args: () => ({ exercise: 'square', file: join(folder, 'square.py') }), repeats: true },
  'tutoring/notifications': { args: () => ({ student: 'ann' }) },
  'tutoring/exercise': { args: () => ({ id: 'square' }) },
  'tutoring/exercises': { args: () => ({ limit: 2 }) },
  'tutoring/new-exercise': { args: () => ({ folder: join(folder, 'new-square') }) },
  'tutoring/progress': { args: () => ({ student: 'ann' }) },
  // The undo of adding it, which is the case before.
  'tutoring/retire-exercise': { args: () => ({ id: 'parity-square' }) },
  'tutoring/submission': { args: () => ({ id: made.request, student: 'ann' }) },
  'tutoring/submissions': { args: () => ({ student: 'ann' }) },
  // After those that show the submission without it.
  'teaching/comment': { args: () => ({ id: made.request, class: 'c1', text: 'Good', line: 1 }) },
  'tutoring/submit': {
    args: () => ({ file: join(folder, 'square.py'), exercise: 'square', key: 'parity', student: 'bob' }),
    repeats: true,
  },
  'tutoring-agents/deploy': { args: () => ({ name: 'exercise' }), already: true, volatile: true },
  'tutoring-agents/remove': { args: () => ({ name: 'triage' }), undo: ['tutoring-agents/deploy', { name: 'triage' }] },
  'tutoring-agents/restart': { args: () => ({ name: 'progress' }), repeats: true, volatile: true },
  // Nothing was done to this agent before.
  'tutoring-agents/rollback': { args: () => ({ name: 'exercise' }), already: true },
  'tutoring-agents/scaffold': {
    args: () => ({ name: 'mentor', tree }),
    undo: ['tutoring-agents/scaffold', { name: 'mentor', tree, undo: true }],
  },
  'tutoring-agents/scale': {
    args: () => ({ name: 'progress', lanes: 7 }),
    volatile: true,
    undo: ['tutoring-agents/scale', { name: 'progress' }],
  },
  'tutoring-agents/status': { volatile: true },
})
