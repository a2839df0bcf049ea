import { PlatformError } from '../../../platform/errors.ts'
import { maxQuestions } from '../../../schemas/api-quizzes.ts'
import { findConcept } from '../../../tutor/concepts/find.ts'
import { readExercise } from '../../../tutor/exercise/parse-exercise.ts'
import { materialsOf, materialsOn } from '../../../tutor/quiz/choose-materials.ts'
import { makeQuiz } from '../../../tutor/quiz/make-quiz.ts'
import type { Material } from '../../../tutor/quiz/material.ts'
import type { Question } from '../../../tutor/quiz/question.ts'
import { exercisePath } from './grade.ts'
import { type Output, readProgram, report, withSandbox } from './io.ts'

interface Options extends Output {
  exercise?: string[]
  topic?: string
  program?: string
  count: string
  seed: string
}

/** Makes a quiz with its keys, for those who want to see that each is right. */
export async function quiz(options: Options): Promise<void> {
  const count = countOf(options.count)
  const materials = await materialsFor(options)
  await withSandbox(async sandbox => {
    const questions = await makeQuiz(materials, { count, seed: options.seed }, sandbox)
    report({ seed: options.seed, questions }, options, false, toText)
  })
}

async function materialsFor({ exercise: names = [], topic, program }: Options): Promise<readonly Material[]> {
  if (names.length === 0 && topic === undefined)
    throw new PlatformError('INVALID_INPUT', 'a quiz needs an exercise or a topic', {
      hint: 'learnflow tutor quiz --exercise square, or --topic "for loops".',
    })
  const exercises = await Promise.all(names.map(async name => readExercise(exercisePath(name))))
  const code = program === undefined ? undefined : await readProgram(program)
  const programs = exercises.map(exercise => ({
    exercise,
    code: code ?? exercise.reference,
    own: code !== undefined,
    right: true,
  }))
  return [
    ...materialsOf(programs),
    ...(topic === undefined ? [] : materialsOn(findConcept(topic).topic?.concepts ?? [])),
  ]
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= maxQuestions) return count
  throw new PlatformError('INVALID_INPUT', `--count is 1 to ${maxQuestions}, not ${text}`, {
    hint: 'Leave it out for 5.',
  })
}

const toText = ({ questions }: { questions: readonly Question[] }): string =>
  questions.length === 0
    ? 'no question can be made of this'
    : questions
        .map(({ text, code, choices, key }, at) =>
          [
            `${at + 1}. ${text}`,
            ...(code === null ? [] : [code]),
            ...choices.map(({ label, text: choice }) => `${label}) ${choice}`),
            `right: ${key.right}`,
          ].join('\n'),
        )
        .join('\n\n')
