import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StateStore } from '../ports/state-store.ts'

/** A store and a way to stop its server. Suites may share one: each case has its own keys. */
export interface StoreUnderTest extends AsyncDisposable {
  store: StateStore
  kill(): Promise<void>
}

const freshKey = (): string => `student:{${randomUUID()}}:test`

/** The contract of every state store. `openOwn` opens one with its own server, for the case that stops it. */
export function stateStoreContract(driver: string, open: () => Promise<StoreUnderTest>, openOwn = open): void {
  describe(`state store: ${driver}`, () => {
    let opened: StoreUnderTest
    let store: StateStore
    beforeAll(async () => {
      opened = await open()
      store = opened.store
    })
    afterAll(async () => opened[Symbol.asyncDispose]())

    test('what was set is read back, replaced and deleted; an absent key is undefined', async () => {
      const key = freshKey()
      expect(await store.get(key)).toBeUndefined()
      await store.set(key, { level: 'Learning' })
      expect(await store.get(key)).toEqual({ value: { level: 'Learning' }, etag: expect.any(String) })
      await store.set(key, [1])
      expect((await store.get(key))?.value).toEqual([1])
      await store.delete(key)
      await store.delete(key)
      expect(await store.get(key)).toBeUndefined()
    })

    test('any JSON comes back as it was: all scripts, nothing, nesting, awkward names', async () => {
      const key = freshKey()
      const text = fc.string({ unit: 'grapheme' }).map(string => string.replaceAll('\0', '0'))
      const scalar = fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
        text,
      )
      const { value } = fc.letrec(tie => ({
        value: fc.oneof(
          { maxDepth: 3 },
          scalar,
          fc.array(tie('value'), { maxLength: 4 }),
          fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
        ),
      }))
      await fc.assert(
        fc.asyncProperty(value, async given => {
          await store.set(key, given)
          expect((await store.get(key))?.value).toEqual(JSON.parse(JSON.stringify(given)))
        }),
        { numRuns: 60 },
      )
    })

    test('keys with any characters, up to 512 of them, are kept apart', async () => {
      const keys = ['a b', 'a/b', 'a?b=c', 'a%2Fb', 'ä', '学生', "o'clock", 'a||b', 'x'.repeat(470)].map(
        part => `${part}${randomUUID()}`,
      )
      for (const key of keys) await store.set(key, key)
      for (const key of keys) expect((await store.get(key))?.value).toBe(key)
    })

    test('a megabyte is stored', async () => {
      const key = freshKey()
      const value = { text: 'é'.repeat(500_000), after: true }
      await store.set(key, value)
      expect((await store.get(key))?.value).toEqual(value)
    })

    test('an etag guards a write and a deletion: a stale one is a conflict that changes nothing', async () => {
      const key = freshKey()
      await store.set(key, 1)
      const stale = (await store.get(key))?.etag ?? ''
      await store.set(key, 2, { etag: stale })
      const current = await store.get(key)
      expect(current?.etag).not.toBe(stale)
      const conflict = { code: 'CONFLICT' }
      await expect(store.set(key, 3, { etag: stale })).rejects.toMatchObject(conflict)
      await expect(store.delete(key, stale)).rejects.toMatchObject(conflict)
      await expect(store.set(freshKey(), 3, { etag: stale })).rejects.toMatchObject(conflict)
      expect(await store.get(key)).toEqual(current)
      await store.delete(key, current?.etag)
      expect(await store.get(key)).toBeUndefined()
      await store.delete(key, current?.etag)
    })

    test('a null etag writes only where nothing is', async () => {
      const key = freshKey()
      await store.set(key, 1, { etag: null })
      await expect(store.set(key, 2, { etag: null })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect((await store.get(key))?.value).toBe(1)
    })

    test('of many writers with the same etag exactly one wins, also for a new key', async () => {
      const key = freshKey()
      for (const etag of [null, 'current'] as const) {
        const read = etag === null ? null : ((await store.get(key))?.etag ?? '')
        const tries = await Promise.allSettled(
          Array.from(
            { length: 20 },
            async (_, writer) => (await store.set(key, { etag, writer }, { etag: read }), writer),
          ),
        )
        const winners = tries.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
        const losers = tries.flatMap(one => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []))
        expect(winners).toHaveLength(1)
        expect(new Set(losers)).toEqual(new Set(['CONFLICT']))
        expect((await store.get(key))?.value).toEqual({ etag, writer: winners[0] })
      }
    })

    test('counting by read and compare-and-set loses no step', async () => {
      const key = freshKey()
      await store.set(key, 0)
      const step = async (): Promise<void> => {
        const read = await store.get<number>(key)
        if (read === undefined) throw new Error('the counter is gone')
        await store.set(key, read.value + 1, { etag: read.etag }).catch(async (error: { code?: string }) => {
          if (error.code !== 'CONFLICT') throw error
          await step()
        })
      }
      await Promise.all(Array.from({ length: 10 }, step))
      expect((await store.get(key))?.value).toBe(10)
    })

    test('a value with a time to live expires and frees its key; a write without one keeps the value', async () => {
      const [brief, kept] = [freshKey(), freshKey()]
      for (const key of [brief, kept]) await store.set(key, 'brief', { ttlSeconds: 1 })
      await store.set(kept, 'kept')
      const etag = (await store.get(brief))?.etag ?? ''
      await expect.poll(async () => store.get(brief)).toBeUndefined()
      await expect(store.set(brief, 'late', { etag })).rejects.toMatchObject({ code: 'CONFLICT' })
      await store.set(brief, 'next', { etag: null })
      expect((await store.get(brief))?.value).toBe('next')
      expect((await store.get(kept))?.value).toBe('kept')
    })

    test('what is no key, or no JSON without NUL, is INVALID_INPUT and stores nothing', async () => {
      const key = freshKey()
      const invalid = { code: 'INVALID_INPUT' }
      for (const wrong of ['', 'x'.repeat(513), 'a\0b']) {
        await expect(store.get(wrong)).rejects.toMatchObject(invalid)
        await expect(store.set(wrong, 1)).rejects.toMatchObject(invalid)
        await expect(store.delete(wrong)).rejects.toMatchObject(invalid)
      }
      for (const wrong of [undefined, 'a\0b', { 'a\0b': 1 }, ['\\\0']])
        await expect(store.set(key, wrong)).rejects.toMatchObject(invalid)
      expect(await store.get(key)).toBeUndefined()
      await store.set(key, '\\u0000')
      expect((await store.get(key))?.value).toBe('\\u0000')
    })

    test('a dead server: every method says DEPENDENCY_DOWN', async () => {
      await using dying = await openOwn()
      const key = freshKey()
      await dying.store.set(key, 1)
      await dying.kill()
      const down = { code: 'DEPENDENCY_DOWN' }
      await expect(dying.store.get(key)).rejects.toMatchObject(down)
      await expect(dying.store.set(key, 2)).rejects.toMatchObject(down)
      await expect(dying.store.set(key, 2, { etag: '1' })).rejects.toMatchObject(down)
      await expect(dying.store.delete(key)).rejects.toMatchObject(down)
    })
  })
}
