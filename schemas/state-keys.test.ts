import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { masteryUpdated } from './events.ts'
import { masteryKey, StoredMastery } from './state-keys.ts'
import { modules, StudentId } from './words.ts'

const students = fc.oneof(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/), fc.stringMatching(/^[!-~ ]{1,255}$/))

/**
 * The part of a key that Redis Cluster hashes: the first `{...}` that is not empty
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
 */
const hashTag = (key: string): string => /\{([^}]+)\}/.exec(key)?.[1] ?? key

test('a key reads as the documentation says, its braces literal', () => {
  expect(masteryKey('ada', 'control-flow')).toBe('student:{ada}:mastery:latest:control-flow')
  expect(masteryKey('ada', 'oop', '2026-03-01')).toBe('student:{ada}:mastery:2026-03-01:oop')
})

test("all keys of a student share one hash slot, and no two students' keys are equal", () => {
  fc.assert(
    fc.property(
      students,
      students,
      fc.constantFrom(...modules),
      fc.constantFrom(...modules),
      (one, other, module, second) => {
        expect(StudentId.safeParse(one).success).toBe(true)
        expect([hashTag(masteryKey(one, module)), hashTag(masteryKey(one, second, '2026-03-01'))]).toEqual(
          Array(2).fill(hashTag(masteryKey(one, module))),
        )
        expect(masteryKey(one, module) === masteryKey(other, second)).toBe(one === other && module === second)
      },
    ),
  )
})

test('an id of an identity provider is taken as it is, and what would break a key apart is encoded in it', () => {
  expect(masteryKey('a}b{c:d|e%', 'oop')).toBe('student:{a%7Db%7Bc%3Ad%7Ce%25}:mastery:latest:oop')
  expect(masteryKey('ann@school.edu', 'oop')).toBe('student:{ann@school.edu}:mastery:latest:oop')
  for (const id of ['auth0|64fe12', 'name+cs1@school.edu', 'urn:uuid:6e8bc430', 'Åsa Öberg', 'x'.repeat(255)])
    expect(StudentId.safeParse(id).success, id).toBe(true)
  for (const id of ['', 'a\nb', 'a\u0000b', 'x'.repeat(256), '\ud800'])
    expect(StudentId.safeParse(id).success, JSON.stringify(id)).toBe(false)
})

test('what mastery.updated tells, with its time, may be stored', () => {
  const components = { completion: 0.5, quiz: null, quality: null, consistency: 1 }
  const data = { module: 'oop', mastery: 60, level: 'Learning', components, bank_version: 'abc' } as const
  const event = masteryUpdated.of('ada', data, { key: ['e1'], source: '/agents/progress' })
  expect(StoredMastery.parse({ ...event.data, computed_at: event.time })).toEqual({ ...data, computed_at: event.time })
})
