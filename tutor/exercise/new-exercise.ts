/** The text of a small exercise that is proven as it stands, for an author to change. */
export const newExerciseText = (id: string): string => `# docs/exercises.md describes the format.
id: ${id}
title: The average score
version: 1
module: basics
level: easy
kind: function
concepts: [lists, division]
statement: |
  Write \`average(scores)\`: the average of a list of numbers, \`None\` for an empty list.
entry: [average]
reference: reference.py
mistakes:
  - { file: "def average(scores): return sum(scores) / len(scores)", names: empty-list }
tests:
  - { call: "average([1, 2, 3])", expect: "2.0" }
  - { call: "average([1, 2])", expect: "1.5" }
  - { call: "average([])", expect: "None", hidden: true, note: nothing to divide }
`

export const newReference = `def average(scores):
    if not scores:
        return None
    return sum(scores) / len(scores)
`
