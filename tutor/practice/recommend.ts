import { type Module, modules } from '../../schemas/words.ts'
import { exerciseLevels, type Offered, topicOf, type Wish } from './wish.ts'
import { counted } from '../../schemas/counted.ts'

/** What a student did with one exercise. */
export interface Tried {
  exercise_id: string
  attempts: number
  passed: boolean
  /** When the newest attempt came. */
  last_at: Date
}

/** An exercise that is assigned to the student and not passed. `due`: ISO time or null. */
export interface Due {
  exercise_id: string
  class_id: string
  due: string | null
}

export interface Suggestion {
  id: string
  title: string
  module: Module
  level: Offered['level']
  /** One of: it is assigned, it was begun, it is the next one, it is on the wished topic, it was passed long ago. */
  reason: string
}

/** What a student is offered; `missing` is the wished topic when no exercise is on it. */
export interface Recommendation {
  suggestions: readonly Suggestion[]
  missing?: string
}

const maxSuggestions = 3
/** In days: what was passed longer ago is worth doing again (spacing, Cepeda et al. 2006). */
const longAgo = 7
const dayMs = 86_400_000

/**
 * The next exercises for a student, best first, at most three. A wish for a topic or a level narrows the choice; without
 * one: what is assigned, what was begun last, then what is not passed, in the order of the course, easy ones first, and
 * last what was passed long ago.
 */
export function recommend(
  offered: readonly Offered[],
  { tried, due, wish, now }: { tried: readonly Tried[]; due: readonly Due[]; wish: Wish; now: Date },
): Recommendation {
  const byId = new Map(tried.map(one => [one.exercise_id, one]))
  const onTopic = offered.filter(one => fits(one, wish))
  const wished = wish.topic.length > 0 || wish.level !== undefined
  if (onTopic.length === 0 && wished) return { suggestions: [], missing: wish.named ?? wish.topic.join(' ') }
  const missing = wish.named !== undefined && wish.topic.length === 0 ? { missing: wish.named } : {}
  const ranked = [
    ...(wished ? [] : assigned(offered, due)),
    ...(wished || wish.another ? [] : begun(offered, tried)),
    ...inOrder(onTopic, byId, wished, startModule(tried, offered)),
    ...again(onTopic, byId, now),
  ]
  const unique = ranked.filter(({ id }, at) => ranked.findIndex(other => other.id === id) === at)
  return { suggestions: unique.slice(0, maxSuggestions), ...missing }
}

/** All words of the topic name it, or, where none does so, the level alone decides. */
function fits(one: Offered, { topic, level }: Wish): boolean {
  if (level !== undefined && one.level !== level) return false
  const own = topicOf(one)
  return topic.every(word => own.has(word))
}

const suggestion = ({ id, title, module, level }: Offered, reason: string): Suggestion => ({
  id,
  title,
  module,
  level,
  reason,
})

function assigned(offered: readonly Offered[], due: readonly Due[]): Suggestion[] {
  return due
    .toSorted((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999'))
    .flatMap(({ exercise_id, class_id, due: until }) => {
      const one = offered.find(({ id }) => id === exercise_id)
      const by = until === null ? '' : `, due ${until.slice(0, 16)}Z`
      return one === undefined ? [] : [suggestion(one, `assigned to ${class_id}${by}`)]
    })
}

function begun(offered: readonly Offered[], tried: readonly Tried[]): Suggestion[] {
  const last = tried.toSorted((a, b) => b.last_at.getTime() - a.last_at.getTime())[0]
  const one = last === undefined || last.passed ? undefined : offered.find(({ id }) => id === last.exercise_id)
  if (one === undefined || last === undefined) return []
  return [
    suggestion(one, `you tried it ${last.attempts === 1 ? 'once' : `${last.attempts} times`} and are not done yet`),
  ]
}

/** The module to go on with: that of the newest attempt while something is left in it, else the first with something left. */
function startModule(tried: readonly Tried[], offered: readonly Offered[]): Module | undefined {
  const passed = new Set(tried.filter(one => one.passed).map(one => one.exercise_id))
  const open = new Set(offered.filter(({ id }) => !passed.has(id)).map(({ module }) => module))
  const last = tried.toSorted((a, b) => b.last_at.getTime() - a.last_at.getTime())[0]
  const current = offered.find(({ id }) => id === last?.exercise_id)?.module
  return current !== undefined && open.has(current) ? current : modules.find(module => open.has(module))
}

function inOrder(
  offered: readonly Offered[],
  tried: ReadonlyMap<string, Tried>,
  wished: boolean,
  start: Module | undefined,
): Suggestion[] {
  const place = ({ module, level }: Offered): number =>
    (module === start ? 0 : 100 + 10 * modules.indexOf(module)) + exerciseLevels.indexOf(level)
  return offered
    .filter(({ id }) => tried.get(id)?.passed !== true)
    .toSorted((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1))
    .map(one => suggestion(one, wished ? `on ${one.concepts.join(', ')}` : `the next of ${one.module}`))
}

function again(offered: readonly Offered[], tried: ReadonlyMap<string, Tried>, now: Date): Suggestion[] {
  return offered
    .flatMap(one => {
      const last = tried.get(one.id)
      if (last?.passed !== true) return []
      const days = Math.floor((now.getTime() - last.last_at.getTime()) / dayMs)
      return days < longAgo ? [] : [{ one, days }]
    })
    .toSorted((a, b) => b.days - a.days)
    .map(({ one, days }) => suggestion(one, `you passed it ${counted(days, 'day')} ago: once more without looking`))
}
