import type { Comparison } from './library.ts'
import { weightOf, wordsOf } from './words.ts'

/** What announces that two things are compared, in a few languages, and what may announce it. */
const strong =
  /\b(?:vs?\.?|versus|diff(?:er(?:s|ent|ence|ences)?)?|compar(?:e|ed|ing|ison)|distinguish|unterschied|diferencia|diff[ée]rence|differenza|verschil|farq)\b/
const soft =
  /\b(?:instead of|rather than|over|better|prefer|which (?:one|of|is)|same as|the same|same thing|similar|confus\w*|(?:inter)?changeabl\w*|unlike|opposite|or just|not the)\b|\bwhen\b.{1,40}\b(?:and|or) when\b|^\W*(?:[\w'+*/%=.-]+ ){1,3}(?:or|vs)(?: [\w'+*/%=.-]+){1,3}\W*$/
const weakCue = /\bor\b|\band\b|\/|\bbetween\b|\bnot\b/
/** How a question begins or ends that names nothing yet. */
const frame =
  /^.{0,40}?\b(?:what(?:'?s| is| are)|is there|are there)\b(?= (?:the |a )?(?:real |main |actual )?diff)|\bin py(?:thon)?\b ?3?/g

interface Side {
  stems: readonly string[]
  weight: number
}

const sideOf = (text: string): Side => {
  const stems = wordsOf(text).map(({ stem }) => stem)
  return { stems, weight: stems.reduce((total, stem) => total + weightOf(stem), 0) }
}

/** Whether a question compares, and which comparison of the library it asks for. */
export interface Compared {
  asks: boolean
  /** How likely a comparison is meant, 0 to 1. */
  sure: number
  /** The likeliest comparisons, with the weight of the two sides that the question names. */
  found: readonly { id: string; score: number }[]
}

/** Prepares the search for comparisons: both sides must be named, apart from each other. */
export function comparer(comparisons: Iterable<Comparison>): (question: string) => Compared {
  const prepared = Array.from(comparisons, ({ id, sides }) => ({
    id,
    sides: sides.map(side => side.map(sideOf).filter(({ stems }) => stems.length > 0)),
  }))
  return question => {
    const plain = question.toLowerCase().replaceAll(frame, ' ')
    const sure = strong.test(plain) ? 1 : soft.test(plain) ? 0.7 : weakCue.test(plain) ? 0.3 : 0
    const asks = sure >= 0.7
    if (sure === 0) return { asks, sure, found: [] }
    const stems = wordsOf(plain).map(({ stem }) => stem)
    const found = prepared.flatMap(({ id, sides: [one, other] }) => {
      const score = bothSides(stems, one ?? [], other ?? [])
      return score === 0 ? [] : [{ id, score }]
    })
    return { asks, sure, found: found.toSorted((first, second) => second.score - first.score) }
  }
}

function bothSides(stems: readonly string[], one: readonly Side[], other: readonly Side[]): number {
  const [left, right] = [places(stems, one), places(stems, other)]
  const scores = left.flatMap(here =>
    right
      .filter(there => here.to <= there.from || there.to <= here.from)
      .filter(there => here.weight >= 0.5 || there.weight >= 0.5)
      .map(there => {
        const gap = Math.max(here.from, there.from) - Math.min(here.to, there.to)
        return here.weight + there.weight - 0.1 * Math.min(gap, 5)
      }),
  )
  return Math.max(0, ...scores)
}

interface Place {
  from: number
  to: number
  weight: number
}

const places = (stems: readonly string[], sides: readonly Side[]): Place[] =>
  sides.flatMap(side =>
    stems.flatMap((_, from) =>
      side.stems.every((stem, at) => stems[from + at] === stem)
        ? [{ from, to: from + side.stems.length, weight: side.weight }]
        : [],
    ),
  )
