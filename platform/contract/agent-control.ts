import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { learningEvents } from '../../schemas/topics.ts'
import { heldBy } from '../log/group-members.ts'
import type { AgentControl, AgentState } from '../ports/agent-control.ts'
import type { EventLog } from '../ports/event-log.ts'

/** The agents of a running platform, seen from outside. Disposing closes the control and keeps its settings. */
export interface AgentsUnderTest extends AsyncDisposable {
  control: AgentControl
  log: Pick<EventLog, 'members'>
  /** The ids of an agent's workers or processes, new with each start, and the size they really work with. */
  atWork(name: string): Promise<{ ids: string[]; size: number }>
}

export interface AgentControlOptions {
  /** An agent that nothing else uses meanwhile, running with its default size. */
  name: string
  /** The greatest size in the unit of the target. */
  maxSize: number
}

/**
 * The contract of every agent control, with real agents. Each `open` is one more control of the same platform, as after
 * its restart.
 */
export function agentControlContract(
  target: string,
  { name, maxSize }: AgentControlOptions,
  open: () => Promise<AgentsUnderTest>,
): void {
  describe(`agent control: ${target}`, () => {
    let agents: AgentsUnderTest
    let defaultSize = 0
    const stateOf = async (): Promise<AgentState> => {
      const found = (await agents.control.list()).find(agent => agent.name === name)
      if (found === undefined) throw new Error(`${name} is not listed`)
      return found
    }
    const idsOf = async (): Promise<string[]> => (await agents.atWork(name)).ids
    const reopen = async (): Promise<void> => {
      await agents[Symbol.asyncDispose]()
      agents = await open()
    }
    /** It is listed so, and it is so: those at work hold every partition with this size, or nobody is at work. */
    const expectState = async (running: boolean, size: number): Promise<void> => {
      const { up, ...listed } = await stateOf()
      expect(listed).toMatchObject({ running, size, defaultSize })
      const work = await agents.atWork(name)
      expect(work.ids).toHaveLength(up)
      expect(work.size).toBe(running ? size : 0)
      const held = await heldBy(agents.log, name)
      expect(held).toHaveLength(up)
      expect(held.reduce((sum, count) => sum + count, 0)).toBe(running ? learningEvents.partitions : 0)
    }

    beforeEach(async () => {
      agents = await open()
      ;({ defaultSize } = await stateOf())
    })
    afterEach(async () => {
      await agents.control.scale(name)
      await agents.control.start(name)
      await agents[Symbol.asyncDispose]()
    })

    test('every agent is listed once, with one unit for all', async () => {
      const all = await agents.control.list()
      expect(new Set(all.map(agent => agent.name)).size).toBe(all.length)
      expect(new Set(all.map(({ unit }) => unit)).size).toBe(1)
      await expectState(true, defaultSize)
    })

    test('a stopped agent has left its group until it is started; a second stop or start changes nothing', async () => {
      expect(await agents.control.stop(name)).toBe('stopped')
      await expectState(false, defaultSize)
      expect(await agents.control.stop(name)).toBe('unchanged')
      expect(await agents.control.start(name)).toBe('started')
      await expectState(true, defaultSize)
      const before = await idsOf()
      expect(await agents.control.start(name)).toBe('unchanged')
      expect(await idsOf()).toEqual(before)
    })

    test('a stopped agent stays stopped when it is restarted or scaled, up to the greatest size', async () => {
      await agents.control.stop(name)
      expect(await agents.control.restart(name)).toBe('unchanged')
      await expectState(false, defaultSize)
      expect(await agents.control.scale(name, maxSize)).toBe('scaled')
      await expectState(false, maxSize)
    })

    test('a restart replaces what is at work and keeps state and way back', async () => {
      const [before, former] = [await idsOf(), await agents.control.former(name)]
      expect(await agents.control.restart(name)).toBe('restarted')
      await expectState(true, defaultSize)
      expect((await idsOf()).filter(id => before.includes(id))).toEqual([])
      expect(await agents.control.former(name)).toEqual(former)
    })

    test('an agent works with the size it is scaled to, and with its default when none is given', async () => {
      expect(await agents.control.scale(name, defaultSize + 1)).toBe('scaled')
      await expectState(true, defaultSize + 1)
      const before = await idsOf()
      expect(await agents.control.scale(name, defaultSize + 1)).toBe('unchanged')
      expect(await idsOf()).toEqual(before)
      expect(await agents.control.scale(name)).toBe('scaled')
      await expectState(true, defaultSize)
      expect(await agents.control.scale(name)).toBe('unchanged')
    })

    test('a size out of bounds is refused and changes nothing', async () => {
      const [before, former] = [await idsOf(), await agents.control.former(name)]
      for (const size of [0, -1, 1.5, Number.NaN, maxSize + 1])
        await expect(agents.control.scale(name, size), String(size)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      await expectState(true, defaultSize)
      expect(await idsOf()).toEqual(before)
      expect(await agents.control.former(name)).toEqual(former)
    })

    test('a rollback restores the state before the last change, once', async () => {
      await agents.control.scale(name, defaultSize + 1)
      expect(await agents.control.former(name)).toEqual({ running: true, size: defaultSize })
      await agents.control.stop(name)
      await agents.control.stop(name)
      expect(await agents.control.former(name)).toEqual({ running: true, size: defaultSize + 1 })
      expect(await agents.control.rollback(name)).toBe('rolled back')
      await expectState(true, defaultSize + 1)
      expect(await agents.control.former(name)).toBeUndefined()
      expect(await agents.control.rollback(name)).toBe('unchanged')
      await expectState(true, defaultSize + 1)
    })

    test('two changes at once happen one after the other', async () => {
      const before = await idsOf()
      expect(await Promise.all([agents.control.stop(name), agents.control.start(name)])).toEqual(['stopped', 'started'])
      await expectState(true, defaultSize)
      expect((await idsOf()).filter(id => before.includes(id))).toEqual([])
      expect(await agents.control.former(name)).toEqual({ running: false, size: defaultSize })
    })

    test('an agent that is not built is absent from every method', async () => {
      const { start, stop, restart, scale, former, rollback } = agents.control
      for (const method of [start, stop, restart, former, rollback, async (absent: string) => scale(absent, 1)])
        await expect(method('nobody')).rejects.toMatchObject({
          code: 'AGENT_ABSENT',
          hint: expect.stringContaining(name) as string,
        })
      await expectState(true, defaultSize)
    })

    test('settings and the way back outlive the control', async () => {
      await agents.control.stop(name)
      await agents.control.scale(name, defaultSize + 1)
      await reopen()
      await expectState(false, defaultSize + 1)
      expect(await agents.control.former(name)).toEqual({ running: false, size: defaultSize })
      await agents.control.start(name)
      await reopen()
      await expectState(true, defaultSize + 1)
    })
  })
}
