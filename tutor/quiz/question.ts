import type { QuizQuestion } from '../../schemas/api-quizzes.ts'

/**
 * What decides a question. `right` has the form of the answer; `judge` says how an order or a line other than that is
 * judged: by the tests of an exercise, or by what the program then prints. `why`: why a choice is wrong, by its label.
 */
export interface Key {
  right: string
  explanation: string
  why: Readonly<Record<string, string>>
  judge: { exercise_id: string; exercise_version: number } | { prints: string } | null
}

/** A question with its key, which is for those only who may know it. */
export interface Question extends Omit<QuizQuestion, 'question' | 'judged'> {
  key: Key
}

/** The labels of choices and lines, in the order in which they are shown. */
export const labels = 'abcdefghijklmnop'

/** In another order, a pure function of `random`. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map(item => ({ item, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

/** Choices in a random order, and the key that they give; the first one is right. */
export function chosen(
  choices: readonly { text: string; why: string }[],
  random: () => number,
): { choices: Question['choices']; right: string; why: Record<string, string> } {
  const mixed = shuffled(choices, random).map((choice, at) => ({ ...choice, label: labels.charAt(at) }))
  const wrong = mixed.filter(({ text }) => text !== choices[0]?.text)
  return {
    choices: mixed.map(({ label, text }) => ({ label, text })),
    right: mixed.find(({ text }) => text === choices[0]?.text)?.label ?? '',
    why: Object.fromEntries(wrong.map(({ label, why }) => [label, why])),
  }
}
