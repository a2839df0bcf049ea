import { expect, test } from 'vitest'
import { saysStuck } from './stuck.ts'

test.each([
  "I don't understand",
  "I'm stuck",
  'im stuck on this exercise',
  'still totally stuck with loops, what now?',
  'stuck again',
  'i dont get it',
  "I really can't figure out why this fails",
  'I have no idea what to do',
  'no clue how to start',
  'this makes no sense to me',
  'i am so lost',
  "I'm completely confused by recursion",
  'i feel so dumb',
  "I'm too stupid for this",
  'I give up',
  'I have been trying for two hours',
  'spent all day on this',
  'nothing works',
  'tried everything!!',
  "I can't do this",
  'I still don’t understand what a generator is',
  'this is way over my head',
  "I'm struggling with dictionaries",
  'help, i am lost',
])('stuck: %s', text => {
  expect(saysStuck(text)).toBe(true)
})

test.each([
  'What is a list comprehension?',
  'my program is stuck in an infinite loop',
  'The loop gets stuck',
  'How do I understand tracebacks?',
  'why does Python not understand my indentation',
  "Python doesn't understand my print",
  'Can you review my code?',
  'Next exercise please',
  'How is my progress?',
  'Does it make sense to use a set here?',
  '```\nprint("I am stuck")\n```\nWhat does this print?',
  'what does "I don\'t understand" mean in French?',
  'I understand loops now, thanks',
  'Got it!',
  'why do we give up the lock here',
  'how do I find out the type',
])('not stuck: %s', text => {
  expect(saysStuck(text)).toBe(false)
})
