import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { PlatformError } from '../errors.ts'
import type { Invoker } from '../ports/invoker.ts'

/** The app `test` that a driver's suite serves. */
export const testApps = {
  test: {
    echo: (body: unknown) => body,
    later: async (body: unknown) => sleep(20, { got: body }),
    never: async () => sleep(60_000, 'too late', { ref: false }),
    change: (body: unknown) => Object.assign(body as object, { changed: true }),
    refuse: () => {
      throw new PlatformError('KEY_REUSED', 'that key had another body', { hint: 'use a new key' })
    },
    refuseLater: async () => {
      await sleep(1)
      throw new PlatformError('NOT_FOUND', 'no such exercise', { hint: 'learnflow exercises' })
    },
    fail: () => {
      throw new TypeError('x is not a function')
    },
    nothing: () => undefined,
  },
}

export interface InvokerUnderTest extends AsyncDisposable {
  invoker: Invoker
}

/** The contract of every invoker; `open` serves `testApps`. */
export function invokerContract(driver: string, open: () => Promise<InvokerUnderTest>): void {
  describe(`invoker: ${driver}`, () => {
    test('an app answers, at once or later, with what JSON carries', async () => {
      await using opened = await open()
      const body = { text: 'why? — 学生 "quoted"', list: [1, null, { deep: true }] }
      expect(await opened.invoker.invoke('test', 'echo', body, 5_000)).toEqual(body)
      expect(await opened.invoker.invoke('test', 'later', 7, 5_000)).toEqual({ got: 7 })
      expect(await opened.invoker.invoke('test', 'echo', { kept: 1, dropped: undefined }, 5_000)).toEqual({ kept: 1 })
      expect(await opened.invoker.invoke('test', 'nothing', {}, 5_000)).toBeUndefined()
    })

    test('the app gets a copy of the body', async () => {
      await using opened = await open()
      const body = { text: 'mine' }
      expect(await opened.invoker.invoke('test', 'change', body, 5_000)).toEqual({ text: 'mine', changed: true })
      expect(body).toEqual({ text: 'mine' })
    })

    test('no answer in time is DEPENDENCY_DOWN, and the next call is answered', async () => {
      await using opened = await open()
      await expect(opened.invoker.invoke('test', 'never', {}, 100)).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
      expect(await opened.invoker.invoke('test', 'echo', 1, 5_000)).toBe(1)
    })

    test('an unknown method is NOT_FOUND, also one that every object has', async () => {
      await using opened = await open()
      for (const method of ['missing', 'toString', 'constructor'])
        await expect(opened.invoker.invoke('test', method, {}, 5_000)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    test("the app's own PlatformError arrives as it was thrown, with its hint", async () => {
      await using opened = await open()
      await expect(opened.invoker.invoke('test', 'refuse', {}, 5_000)).rejects.toMatchObject({
        name: 'PlatformError',
        code: 'KEY_REUSED',
        message: 'that key had another body',
        hint: 'use a new key',
      })
      await expect(opened.invoker.invoke('test', 'refuseLater', {}, 5_000)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'no such exercise',
      })
    })

    test('any other failure of the app is INTERNAL', async () => {
      await using opened = await open()
      await expect(opened.invoker.invoke('test', 'fail', {}, 5_000)).rejects.toMatchObject({
        name: 'PlatformError',
        code: 'INTERNAL',
      })
    })
  })
}
