import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { Partitioners } from 'kafkajs'
import { expect, test } from 'vitest'
import { murmur2, partitionOf } from './partitioner.ts'
import { topics } from './topics.ts'

const kafkajsMurmur2 = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2') as (
  key: string | Buffer,
) => number

const keys = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/),
)

test('10,000 random keys, unicode too, have the hash and the partition that kafkajs gives them', () => {
  const partitioner = Partitioners.DefaultPartitioner()
  fc.assert(
    fc.property(keys, fc.constantFrom(...topics.map(topic => topic.partitions), 1, 3, 50), (key, partitions) => {
      expect(murmur2(Buffer.from(key))).toBe(kafkajsMurmur2(key))
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionId,
        partitionErrorCode: 0,
        leader: 0,
        replicas: [],
        isr: [],
      }))
      expect(partitionOf(key, partitions)).toBe(
        partitioner({ topic: 'any', partitionMetadata, message: { key, value: null } }),
      )
    }),
    { numRuns: 10_000 },
  )
})

test('bytes of any length have the hash of kafkajs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      expect(murmur2(bytes)).toBe(kafkajsMurmur2(Buffer.from(bytes)))
    }),
    { numRuns: 2_000 },
  )
})

// The published vectors of org.apache.kafka.common.utils.UtilsTest.testMurmur2.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('the hash of %s is that of the Java client', (key, hash) => {
  expect(murmur2(Buffer.from(key))).toBe(hash)
})
