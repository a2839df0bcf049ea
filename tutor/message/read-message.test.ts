import { expect, test } from 'vitest'
import { exerciseNames } from './exercise.ts'
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
