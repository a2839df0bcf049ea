import type { CallResult, Share } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'

/** A line at the top that leaves nothing which a call could change. */
const harmlessLine =
  /^(?:\s|#|$|def\s+\w+\s*\([^=]*\)|import\b|from\b|[\])}"']|print\(|if __name__\b|\w+\s*=\s*(?:-?[\d._]+|'[^']*'|"[^"]*")\s*(?:#.*)?$)/
/** What reaches beyond a call from inside a function. */
const reaching =
  /\b(?:global|globals|setattr|vars|exec|eval|open|sys|os|builtins|__(?!name__|main__)\w+__)\b|\.\w+\s*(?:[-+*/%&|^@]|\*\*|\/\/|<<|>>)?=(?!=)/

const imports = (code: string): boolean => /\bimport\b/.test(code)

/** Whether a call of a program might leave something for the next one; only then are its tests worth another run. */
export const mayKeepState = (code: string): boolean =>
  reaching.test(code) || code.split(/\r?\n/).some(line => !harmlessLine.test(line))

/** Whether a program might leave something in the interpreter, for another run of the same program. */
const reachesInterpreter = (code: string): boolean => reaching.test(code) || imports(code)

const programsBeside = (code: string, { prelude = '', helpers = '' }: Exercise): string[] => [code, prelude, helpers]

/** Lets whole programs follow one another in one interpreter where that makes no difference, as it is far cheaper. */
export const shareOf = (code: string, exercise: Exercise): { share?: Share } =>
  programsBeside(code, exercise).some(reachesInterpreter) ? {} : { share: 'interpreter' }

/** What may give something else each time: chance, the clock, and whatever imports by a name that is worked out. */
const varying =
  /\b(?:from|import)\b[^\n]*\b(?:random|secrets|uuid|time|timeit)\b|\b(?:u|get)random\b|\b(?:now|today|utcnow)\s*\(|\b(?:__import__|importlib|modules)\b/

/** Whether a program might give other results in another run. */
export const mayVary = (code: string): boolean => varying.test(code)

const ofRoom = new Set(['MemoryError', 'RecursionError', 'OSError', 'NotRun'])

/** Whether a result depends on the room that others have left in the interpreter. */
export const ranOut = ({ ended, error }: CallResult): boolean =>
  ended !== 'ok' && (ended !== 'raised' || error === undefined || ofRoom.has(error.type))

/** Whether a failure of a test may come from what the other tests of the program have left in the interpreter. */
export const mayComeFromOthers = (code: string, exercise: Exercise, failures: readonly CallResult[]): boolean =>
  programsBeside(code, exercise).some(one => imports(one) || mayKeepState(one)) || failures.some(ranOut)
