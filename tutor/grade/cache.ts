import { createHash } from 'node:crypto'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { contentOf } from './test-cases.ts'
import { seedFor } from '../exercise/generate-inputs.ts'
import { type Detail, gradeProgram, type Judgement } from './grade.ts'
import { normalForm } from '../program/normal-form.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'

/** Increased whenever the same program may be judged differently than before, so that older grades are not reused. */
const grader = 8
/**
 * How long a timed-out judgement is reused, in ms: a program that never ends is not run again and again, but one that
 * got no time on a busy machine is.
 */
const timedOutMs = 60_000
const maxRemembered = 1_000

/** A judgement, and the fingerprint by which it can be found again; without a fingerprint it must not be reused. */
export interface CachedGrade {
  judgement: Judgement
  fingerprint: string | undefined
  /** Equal for programs that differ in formatting, names of locals and docstrings only. */
  shape: string | undefined
}

export interface GradeCacheOptions {
  /** Picks the random tests; without it the program does, so that equal programs get equal tests. */
  seed?: string
  owner?: string
  detail?: Detail
  /** Finds an earlier judgement by any of its fingerprints. */
  known?: (fingerprints: readonly string[]) => Promise<Judgement | undefined>
  /** Whether the shape is computed. */
  shaped?: boolean
}

const hashOf = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/**
 * Judges a program, or reuses the judgement of an equal one: the same syntax tree when neither the program's behaviour
 * nor its notes can depend on its layout, the same text otherwise. Equal programs at the same time are run once. A
 * failure of the infrastructure is not shared: each caller that waited for it tries again by itself.
 * @throws what gradeProgram throws.
 */
export async function gradeCached(
  source: string,
  exercise: Exercise,
  sandbox: Sandbox,
  options: GradeCacheOptions,
): Promise<CachedGrade> {
  const code = source.replace(/^\uFEFF/, '')
  const form = await normalForm(code, sandbox, options.shaped === true ? 'shape' : 'tree')
  const policy = options.seed === undefined ? 'own seed' : `seed ${options.seed}`
  const about = [String(grader), contentOf(exercise), policy, options.detail ?? 'all'] as const
  // Rules that count lines, and sources that do not parse, depend on the text.
  const sharing =
    form === undefined || (form.sharing === 'tree' && exercise.rules?.max_lines !== undefined) ? 'text' : form.sharing
  const byText = hashOf(...about, 'text', code)
  const byTree = form !== undefined && sharing === 'tree' ? hashOf(...about, 'tree', form.tree) : byText
  const run = async (): Promise<Judgement> =>
    gradeProgram(code, exercise, sandbox, { ...options, seed: options.seed ?? seedFor(byTree) })
  const shape = form?.shape === undefined ? undefined : hashOf(contentOf(exercise), form.shape)
  if (sharing === 'none') return { judgement: await run(), fingerprint: undefined, shape }
  const judgement = await gradeCacheOf(sandbox).find(
    [byTree, byText],
    async () => (await options.known?.([byTree, byText])) ?? (await run()),
  )
  const fingerprint = judgement.verdict === 'timed_out' ? undefined : isPortable(judgement) ? byTree : byText
  return { judgement, fingerprint, shape }
}

/** Whether a judgement mentions no lines of the program: then it holds for every program of the same tree. */
function isPortable({ verdict, tests, error, notes, smallest_failing }: Judgement): boolean {
  const told = error ?? smallest_failing?.error ?? tests.find(test => test.error !== undefined)
  return (
    (verdict === 'passed' || verdict === 'failed') && told === undefined && notes.every(note => note.line === undefined)
  )
}

type Keys = readonly [byTree: string, byText: string]

interface GradeCache {
  /** The judgement remembered under either key, else that of a run under way, else the result of `make`. */
  find(keys: Keys, make: () => Promise<Judgement>): Promise<Judgement>
}

const gradeCaches = new WeakMap<Sandbox, GradeCache>()

function gradeCacheOf(sandbox: Sandbox): GradeCache {
  const gradeCache = gradeCaches.get(sandbox) ?? newGradeCache()
  gradeCaches.set(sandbox, gradeCache)
  return gradeCache
}

function forgetOldest(map: Map<string, unknown> | Set<string>): void {
  for (const oldest of map.keys()) {
    if (map.size <= maxRemembered) return
    map.delete(oldest)
  }
}

function newGradeCache(): GradeCache {
  const remembered = new Map<string, { judgement: Judgement; until: number }>()
  const underWay = new Map<string, Promise<Judgement>>()
  /**
   * Trees whose judgement mentions lines, so that other texts of them need runs of their own, which need not wait for
   * one another.
   */
  const lined = new Set<string>()

  const recall = (keys: Keys): Judgement | undefined =>
    keys.map(key => remembered.get(key)).find(one => one !== undefined && one.until > performance.now())?.judgement
  const remember = ([byTree, byText]: Keys, judgement: Judgement): void => {
    const portable = isPortable(judgement)
    if (!portable) lined.add(byTree)
    const until = judgement.verdict === 'timed_out' ? performance.now() + timedOutMs : Number.POSITIVE_INFINITY
    remembered.set(portable ? byTree : byText, { judgement, until })
    for (const map of [remembered, lined]) forgetOldest(map)
  }
  return {
    async find(keys, make) {
      for (;;) {
        const ready = recall(keys)
        if (ready !== undefined) return ready
        const [byTree, byText] = keys
        const key = lined.has(byTree) ? byText : byTree
        const other = underWay.get(key)
        if (other === undefined) {
          const mine = make().finally(() => underWay.delete(key))
          underWay.set(key, mine)
          const judgement = await mine
          remember(keys, judgement)
          return judgement
        }
        // It may fail, or not hold for this text: then the next iteration decides anew.
        await Promise.allSettled([other])
      }
    },
  }
}
