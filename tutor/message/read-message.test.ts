import { expect, test } from 'vitest'
import { exerciseNames, exerciseNumber, saysOnlyNumber } from './exercise.ts'
import { englishPlease, languageOf } from './language.ts'
import { readMessage } from './read-message.ts'

const exercises = exerciseNames([
  { id: 'unique-dates', title: 'Unique dates', entry: ['unique_day'] },
  { id: 'square', title: 'Square', entry: ['square'] },
  { id: 'count-vowels', title: 'How many vowels?', entry: ['count'] },
  { id: 'count-words', title: 'Words', entry: ['count'] },
])

test.each([
  ['I am stuck on unique dates', 'unique-dates', 'id'],
  ['unique_dates fails for me', 'unique-dates', 'id'],
  ['in "how many vowels" I get 3', 'count-vowels', 'title'],
  ['the exercise square is odd', 'square', 'id'],
  ['my code:\ndef unique_day(d):\n    return d', 'unique-dates', 'entry'],
  ['my code:\ndef count(d):\n    return d', 'square', 'context'],
  ['how do I draw a square?', 'square', 'context'],
])('%s: speaks of %s', (text, id, by) =>
  expect(readMessage(text, { exercises, lastExercise: 'square' }).exercise).toEqual({ id, by }),
)

test('no exercise is named where none is known', () => {
  expect(readMessage('how do I draw a square?', { exercises }).exercise).toBeNull()
  expect(readMessage('hint', { lastExercise: 'square' }).exercise).toEqual({ id: 'square', by: 'context' })
})

test('several questions are kept apart', () =>
  expect(readMessage('What is a set? And how do I loop over it?\nthanks').questions).toEqual([
    'What is a set?',
    'And how do I loop over it?',
  ]))

test.each([
  ['en', 'diff btw list and tuple'],
  ['en', 'still no'],
  ['en', 'pls hlp, idk why my loop dont stop'],
  ['en', ''],
  ['de', 'Was ist der Unterschied zwischen einer Liste und einem Tupel?'],
  ['de', 'Hilfe'],
  ['fr', 'pourquoi ma boucle ne marche pas ?'],
  ['es', 'no entiendo para que sirve self'],
  ['pt', 'por que meu código não funciona'],
  ['it', 'perché il mio codice non funziona'],
  ['hi-Latn', 'yaar mera loop kyun nahi chalta'],
  ['pl', 'jak działa pętla for'],
  ['ru', 'почему не работает цикл for'],
  ['uk', 'чому не працює цикл for, підкажіть'],
  ['zh', '列表和元组有什么区别'],
  ['ja', 'リストとタプルの違いは何ですか'],
  ['ko', '리스트와 튜플의 차이가 뭐예요'],
  ['ar', 'ما الفرق بين القائمة والمجموعة'],
])('%s: %s', (language, text) => {
  expect(languageOf(text)).toBe(language)
  expect(englishPlease(language) === null).toBe(language === 'en')
})

test('an exercise is named by its number, and other things are counted', () => {
  for (const [text, number] of [
    ['hint for exercise 3', 3],
    ['the 2nd assignment', 2],
    ['Task no. 12, please', 12],
    ['My first question: why does it fail?', null],
    ['The first problem is that it prints None', null],
    ['exercise 3 lines long', null],
    ['I ran exercise 2 times', null],
  ] as const)
    expect([text, exerciseNumber(text)]).toEqual([text, number])
  for (const text of ['exercise 3', 'the third exercise please', 'And exercise 3?', 'I mean the 2nd task.'])
    expect([text, saysOnlyNumber(text)]).toEqual([text, true])
  for (const text of ['exercise 3 fails', 'the first exercise was fun', 'why?', 'exercise 3 lines'])
    expect([text, saysOnlyNumber(text)]).toEqual([text, false])
})
