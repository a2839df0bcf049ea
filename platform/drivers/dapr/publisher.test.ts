import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { batches } from './publisher.ts'

test('every message is in one request, none with another of its key, and those of a key in their order', () => {
  const message = fc.record({ key: fc.constantFrom('ann', 'bob', 'cat'), value: fc.string({ maxLength: 5 }) })
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), messages => {
      const requests = [...batches(messages, 12)].map(entries =>
        entries.map(({ event, metadata }) => ({ key: metadata.partitionKey, value: event })),
      )
      for (const request of requests) expect(new Set(request.map(({ key }) => key)).size).toBe(request.length)
      for (const key of ['ann', 'bob', 'cat'])
        expect(requests.flat().filter(one => one.key === key)).toEqual(messages.filter(one => one.key === key))
      expect(requests.flat()).toHaveLength(messages.length)
    }),
  )
})
