import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import MiniSearch from 'minisearch'
import { parse } from 'yaml'
import * as z from 'zod'
import { ideaPhrases, termWeight } from './ideas.ts'
import { loadScript, scriptIds, skillNames } from './registry.ts'
import { slipCorrector } from './slips.ts'
import { stemsIn, termsOf, wordsIn } from './terms.ts'

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
  /** The instructions, below the front matter. */
  body: string
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

/** The weight of the whole skill's score in the score of each of its scripts. */
const skillShare = 2
const maxCharacters = 400
const skillFields = { name: 2, keywords: 3, description: 1, abouts: 0.5, body: 0.25 }
const scriptFields = { op: 2, about: 1 }
/** The terms of a field. In prose too many words would stand for ideas by chance, and keywords are single words. */
const termsOfField = (text: string, field = ''): string[] =>
  field === 'keywords'
    ? text.split(' ').flatMap(termsOf)
    : ['name', 'op'].includes(field)
      ? termsOf(text)
      : stemsIn(text)
const search = { tokenize: (text: string) => [...new Set(termsOf(text))], boostTerm: termWeight }

const indexOf = (idField: string, boost: Readonly<Record<string, number>>) =>
  new MiniSearch({
    idField,
    fields: Object.keys(boost),
    tokenize: termsOfField,
    processTerm: term => term,
    searchOptions: { ...search, boost },
  })

const scoresOf = (index: MiniSearch, words: string): Map<string, number> =>
  new Map(index.search(words).map(({ id, score }) => [String(id), score]))

/**
 * Ranks operations by a person's words: BM25 over names, keywords, descriptions and instructions, and over the ideas
 * that words and phrases stand for (`ideas.txt`). Endings and small slips do not matter. An operation is scored by its
 * own text and by that of its skill. Text longer than 400 characters is cut.
 */
export function openIndex(texts: readonly SkillText[]): SkillIndex {
  const [skills, scripts] = [indexOf('name', skillFields), indexOf('op', scriptFields)]
  const all = texts.map(({ scripts: own, ...text }) => ({
    ...text,
    abouts: own.map(({ op, about }) => `${op} ${about}`).join(' '),
  }))
  skills.addAll(all)
  scripts.addAll(texts.flatMap(text => text.scripts))
  const correct = slipCorrector([...ideaPhrases.flat(), ...all.flatMap(text => wordsIn(Object.values(text).join(' ')))])
  const rank = (words: string): Ranked[] => {
    const sought = correct(wordsIn(words.slice(0, maxCharacters))).join(' ')
    const [ofSkills, ofScripts] = [scoresOf(skills, sought), scoresOf(scripts, sought)]
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
      body: text.replace(front, ''),
      scripts: await Promise.all(own.map(async op => ({ op, about: (await loadScript(op, root)).about }))),
    }
  }
  return Promise.all(skillNames(root).map(read))
}
