import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import MiniSearch from 'minisearch'
import { parse } from 'yaml'
import * as z from 'zod'
import { loadScript, scriptIds, skillNames } from './registry.ts'
import { synonymsOf } from './synonyms.ts'

/**
 * The front matter of a SKILL.md. `metadata.keywords`: words that people use who need the skill, for the ranking only.
 */
const Front = z.object({
  name: z.string(),
  description: z.string(),
  metadata: z.object({ keywords: z.string().optional() }).optional(),
})
const front = /^---\n(.*?)\n---\n/s

/** The texts of a skill and of each of its scripts that the ranking uses. */
export interface SkillText {
  name: string
  description: string
  keywords: string
  scripts: readonly { op: string; about: string }[]
}

/** `op` is `skill/script`; a higher `score` fits better, but scores of different searches are not comparable. */
export interface Ranked {
  op: string
  skill: string
  score: number
}

export interface SkillIndex {
  /** The operations that match the words, best first; none when no word is known. */
  rank(words: string): Ranked[]
}

/** Words that occur in every question and carry no meaning. */
const noise = new Set(
  'a an and any are as at be before by can do does for from had has have how i if in into is it its me my of on only or our per so than that the their them then there these they this to up was what when where which who will with you your'.split(
    ' ',
  ),
)
const endings = /(?:ations|ation|ings|ing|ies|ied|ers|er|ed|es|s|e|y)$/
const shortestStem = 3

/**
 * A word without its ending, so that `topics` finds `topic` and `grading` finds `grade`; undefined for a word without
 * meaning.
 */
function stem(word: string): string | undefined {
  const plain = word.toLowerCase()
  if (noise.has(plain)) return undefined
  const bare = plain.replace(endings, '')
  return bare.length >= shortestStem ? bare : plain
}

/** The words to search for: the given word, and our synonyms for it. */
const meant = (word: string): string[] =>
  [word, ...synonymsOf(word.toLowerCase())].map(stem).filter(found => found !== undefined)

const wordsIn = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '')

/** The weight of the whole skill's score in the score of each of its scripts. */
const skillShare = 2
const maxCharacters = 400
const search = {
  processTerm: meant,
  prefix: (term: string) => term.length > 3,
  fuzzy: (term: string) => (term.length > 5 ? 0.2 : false),
  weights: { fuzzy: 0.2, prefix: 0.5 },
}

/**
 * Ranks operations by a person's words (BM25 over names, descriptions and keywords; endings and small typing errors do
 * not matter). An operation is scored by its own text and by that of its skill. Text longer than 400 characters is cut.
 */
export function openIndex(texts: readonly SkillText[]): SkillIndex {
  const options = { processTerm: stem, tokenize: wordsIn }
  const skills = new MiniSearch({ ...options, idField: 'name', fields: ['name', 'description', 'keywords', 'abouts'] })
  const scripts = new MiniSearch({ ...options, idField: 'op', fields: ['op', 'about'] })
  skills.addAll(
    texts.map(({ scripts: own, ...text }) => ({
      ...text,
      abouts: own.map(({ op, about }) => `${op} ${about}`).join(' '),
    })),
  )
  scripts.addAll(texts.flatMap(text => text.scripts))
  const rank = (words: string): Ranked[] => {
    const sought = words.slice(0, maxCharacters)
    const ofScripts = new Map(
      scripts.search(sought, { ...search, boost: { op: 2 } }).map(({ id, score }) => [String(id), score]),
    )
    const ofSkills = new Map(
      skills
        .search(sought, { ...search, boost: { name: 2, keywords: 1.5 } })
        .map(({ id, score }) => [String(id), score]),
    )
    return texts
      .flatMap(({ name, scripts: own }) =>
        own.map(({ op }) => ({
          op,
          skill: name,
          score: skillShare * (ofSkills.get(name) ?? 0) + (ofScripts.get(op) ?? 0),
        })),
      )
      .filter(({ score }) => score > 0)
      .toSorted((one, other) => other.score - one.score)
  }
  return { rank }
}

/** Reads the texts of a folder of skills. `root` is another folder than ours. */
export async function readSkills(root: string = import.meta.dirname): Promise<SkillText[]> {
  const ids = scriptIds(root)
  const read = async (skill: string): Promise<SkillText> => {
    const text = await readFile(join(root, skill, 'SKILL.md'), 'utf8')
    const { name, description, metadata } = Front.parse(parse(front.exec(text)?.[1] ?? ''))
    const own = ids.filter(id => id.startsWith(`${skill}/`))
    return {
      name,
      description,
      keywords: metadata?.keywords ?? '',
      scripts: await Promise.all(own.map(async op => ({ op, about: (await loadScript(op, root)).about }))),
    }
  }
  return Promise.all(skillNames(root).map(read))
}
