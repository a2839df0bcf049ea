import { PlatformError } from '../../platform/errors.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { type Checked, checkExercise } from '../exercise/check.ts'
import { randomFrom } from '../exercise/generate-inputs.ts'
import type { Drawn } from '../exercise/generate-variants.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { memoize } from '../memoize.ts'
import { isDistinct } from './distinct.ts'
import type { ExerciseWish } from './read-wish.ts'
import { type Refused, refusedBy, type WishTemplate } from './templates.ts'
import { fitsWish } from './topics-of.ts'

/** An exercise that was proven for a wish; `drawn` is its file, when it was made from a template. */
export interface Offer {
  exercise: Exercise
  mutants: Checked['mutants']
  drawn?: Drawn
  /** The name of the template that it was made from. */
  template?: string
}

/**
 * What a wish is fulfilled from. `given`: exercises that the class has, which nothing offered may be like. `had`: ids that
 * are not offered, whether or not their exercises are still here. `wished`: ids that this very wish gave before, which
 * come first.
 */
export interface Sources {
  bank: readonly Exercise[]
  templates: readonly WishTemplate[]
  given: readonly Exercise[]
  had: ReadonlySet<string>
  wished: ReadonlySet<string>
  /** Who wishes, and a seed: the same ones are offered the same exercises. */
  owner: string
  seed: string
  /** The interpreters for the proof of one exercise; one that computes too long fails with EXERCISE_FAULTY. */
  sandbox(): Sandbox
}

type Unproven = Omit<Offer, 'mutants'>

interface Candidate {
  /** Of the exercise, or the name of the template. */
  id: string
  make(): Promise<Unproven>
}

/** So often each template is drawn from. */
const draws = 12
const proofs = memoize<Checked>(500)

/**
 * Exercises of the bank and made from templates that are what is wished, proven and distinct; at most as many as wished.
 * What fails its proof is refused. @throws SANDBOX_CRASHED, DEPENDENCY_DOWN
 */
export async function fulfil(wish: ExerciseWish, sources: Sources): Promise<{ offers: Offer[]; refused: Refused[] }> {
  const offers: Offer[] = []
  const refused = new Map<string, Refused>()
  const attempt = async <Result>(id: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    if (refused.has(id)) return undefined
    try {
      return await work()
    } catch (error) {
      refused.set(id, refusedBy(id, error))
      return undefined
    }
  }
  for (const { id, make } of await candidates(wish, sources, attempt)) {
    if (offers.length === wish.count) break
    const offer = await attempt(id, async () => proven(await make(), offers, sources))
    if (offer !== undefined) offers.push(offer)
  }
  return { offers, refused: [...refused.values()] }
}

/** The exercise with its proof; undefined when it is like another, or the class had it. @throws EXERCISE_FAULTY */
async function proven(
  made: Unproven,
  offers: readonly Offer[],
  { given, had, sandbox }: Sources,
): Promise<Offer | undefined> {
  const [{ exercise }, own] = [made, sandbox()]
  if (had.has(exercise.id)) return undefined
  if (!(await isDistinct(exercise, [...given, ...offers.map(offer => offer.exercise)], own))) return undefined
  const { problems, mutants } = await proofs(JSON.stringify(exercise), async () => checkExercise(exercise, own))
  const [problem] = problems
  if (problem !== undefined)
    throw new PlatformError('EXERCISE_FAULTY', problem.message, { hint: `learnflow tutor check ${exercise.id}` })
  return { ...made, mutants }
}

/** One of the bank and one of a template in turn, each template once, and then all templates again. */
async function candidates(
  wish: ExerciseWish,
  { bank, templates, wished, owner, seed }: Sources,
  attempt: <Result>(id: string, work: () => Promise<Result>) => Promise<Result | undefined>,
): Promise<Candidate[]> {
  if (wish.unknown.length > 0) return []
  const own = shuffled(bank, `bank ${seed}`)
    .filter(exercise => fitsWish(exercise, wish))
    .map((exercise): Candidate => ({ id: exercise.id, make: async () => ({ exercise }) }))
  const fits = async (one: WishTemplate): Promise<WishTemplate[]> => {
    const drawn = await attempt(one.name, async () => one.draw(`${seed} 0`, owner))
    return drawn !== undefined && fitsWish(drawn.exercise, wish) ? [one] : []
  }
  const fitting = (await Promise.all(shuffled(templates, `templates ${seed}`).map(fits))).flat()
  const made = Array.from({ length: draws }, (_, at) =>
    fitting.map(({ name, draw }): Candidate => ({
      id: name,
      async make() {
        const drawn = await draw(`${seed} ${at}`, owner)
        return { exercise: drawn.exercise, drawn, template: name }
      },
    })),
  ).flat()
  const [again, fresh] = [own.filter(({ id }) => wished.has(id)), own.filter(({ id }) => !wished.has(id))]
  const turns = fresh.flatMap((one, at) => [one, ...made.slice(at, at + 1)])
  return [...again, ...turns, ...made.slice(fresh.length)]
}

/** In an order that the seed decides. */
function shuffled<Item>(items: readonly Item[], seed: string): Item[] {
  const random = randomFrom(seed)
  return items
    .map(item => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)
}
