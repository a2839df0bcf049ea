/** Top-level commands that are scripts under a shorter name; `instead` maps a word or flag to another script. */
export const shortNames: Readonly<Record<string, ShortName>> = {
  up: { op: 'platform-up/up', about: 'start the platform in the background' },
  down: {
    op: 'platform-up/down',
    about: 'stop it; what is in hand is finished; --purge deletes its data too',
    instead: { '--purge': 'platform-up/purge' },
  },
  status: { op: 'platform-up/status', about: 'whether it is up and ready' },
  logs: { op: 'incident-triage/logs', about: 'the last lines of the logs of its processes; --follow goes on' },
  doctor: { op: 'platform-up/doctor', about: 'what on this machine would keep it from running' },
  verify: {
    op: 'platform-verify/all',
    about: 'measure every claim about the running platform, or those whose ids begin so',
    instead: {
      '--negative': 'platform-verify/negative',
      '--diagnosis': 'platform-verify/diagnosis',
      '--throwaway': 'platform-verify/throwaway',
      '--edge': 'platform-verify/edge',
    },
    named: 'platform-verify/one',
  },
  bench: { op: 'platform-bench/run', about: 'measure how fast it is, on platforms made for it' },
  token: {
    op: 'access/token',
    about: 'a token for the API; --students LIST makes one for each',
    instead: { '--students': 'access/tokens' },
  },
  ask: { op: 'tutoring/ask', about: 'ask a question; the last conversation goes on, --new begins another' },
  submit: { op: 'tutoring/submit', about: 'hand a program in and wait for the verdict' },
  exercises: {
    op: 'tutoring/exercises',
    about:
      'the exercises of the bank; show ID shows one, wish WORDS finds and makes some, new FOLDER, add PATH, retire ID',
    instead: {
      show: 'tutoring/exercise',
      wish: 'teaching/wish',
      new: 'tutoring/new-exercise',
      add: 'tutoring/add-exercise',
      retire: 'tutoring/retire-exercise',
    },
  },
  hint: { op: 'tutoring/hint', about: 'the next hint for a wrong program, from a nudge to code' },
  quiz: {
    op: 'tutoring/quiz',
    about: 'a quiz of what was done, a topic or an exercise; answer ID NUMBER ANSWER answers a question',
    instead: { answer: 'tutoring/answer' },
  },
  submissions: {
    op: 'tutoring/submissions',
    about: 'what a student handed in, newest first; show ID shows the grade',
    instead: { show: 'tutoring/submission' },
  },
  progress: { op: 'tutoring/progress', about: 'how far a student is, and what that follows from' },
  assignments: { op: 'tutoring/assignments', about: 'what is assigned to a student, by when, and how it stands' },
  notifications: { op: 'tutoring/notifications', about: 'what is new: assignments, comments, and who struggles' },
  classes: {
    op: 'teaching/classes',
    about: 'the classes; members, alerts, assignments, assign, grades and comment are for one',
    instead: {
      members: 'rosters/list',
      alerts: 'teaching/alerts',
      assignments: 'teaching/assignments',
      assign: 'teaching/assign',
      grades: 'teaching/grades',
      comment: 'teaching/comment',
    },
  },
}

export interface ShortName {
  op: string
  about: string
  instead?: Readonly<Record<string, string>>
  /** The script that is used when names are given, where the default one takes all. */
  named?: string
}

/** Flags that take a value where names may be given too. */
const flagsWithValue = new Set(['--data', '--token-file'])

/** The script that a short name stands for, with the remaining arguments. */
export function scriptOf(
  { op, instead = {}, named }: ShortName,
  argv: readonly string[],
): { id: string; rest: string[] } {
  for (const [word, id] of Object.entries(instead)) {
    // A flag counts anywhere, a word only in the position of a command.
    const at = argv.indexOf(word)
    if (at === 0 || (at > 0 && word.startsWith('--'))) return { id, rest: argv.toSpliced(at, 1) }
  }
  const names = argv.some((word, at) => !word.startsWith('-') && !flagsWithValue.has(argv[at - 1] ?? ''))
  return { id: named !== undefined && names ? named : op, rest: [...argv] }
}
