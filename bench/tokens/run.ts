import { extname, join } from 'node:path'
import { root } from '../../verify/test-platform.ts'
import { type CodingAgent, openCodingAgent, type HostIntroduction } from './coding-agent.ts'
import { type Engines, openEngines } from './engines.ts'
import { openPlace, type Place } from './place.ts'
import type { Steps } from './programs.ts'
import type { PlainWorld, TaskRoute, Task } from './task.ts'
import { openTerminal, type Programs } from './terminal.ts'
import { type Cost, openTranscript, type Transcript } from './transcript.ts'

/** What all runs of a ledger share. */
export interface Ledger {
  count(text: string): number
  /** A data folder that each task starts with a copy of. */
  template: string
  /** The engines that all plain routes share. */
  engines(): Promise<Engines>
  /** Stores a transcript. */
  keep(name: string, transcript: Transcript): Promise<void>
  progress(line: string): void
}

export interface Played {
  cost: Cost
  introduction: HostIntroduction
}

/** Plays our route through a task. */
export async function playOurs(ledger: Ledger, { id, empty, ours }: Task): Promise<Played> {
  const transcript = openTranscript(ledger.count)
  await using place = await openPlace(empty === true ? undefined : ledger.template)
  await using agent = await openCodingAgent(place.folder, place.data, transcript)
  const terminal = openTerminal(transcript, await programsOf(place))
  const cost = await timed(transcript, ours, { place, agent, terminal }, ledger, `${id} ours`)
  await ledger.keep(`${id}-ours`, transcript)
  return { cost, introduction: agent.introduction }
}

/** Plays the plain route, in its usual or its terse variant; undefined where the task has none. */
export async function playPlain(ledger: Ledger, { id, empty, plain }: Task, terse: boolean): Promise<Cost | undefined> {
  if (plain === undefined) return undefined
  const transcript = openTranscript(ledger.count)
  await using stack = new AsyncDisposableStack()
  const place = stack.use(await openPlace(empty === true ? undefined : ledger.template))
  const programs: Record<string, Programs[string]> = { ...(await programsOf(place)) }
  const terminal = openTerminal(transcript, programs)
  const known = (engines: Engines): Engines => (Object.assign(programs, engines.programs), engines)
  const world: PlainWorld = {
    place,
    terminal,
    terse,
    engines: async () => known(await ledger.engines()),
    startEngines: async () => known(stack.use(await openEngines({ terminal, terse }))),
  }
  const name = `${id} plain ${terse ? 'terse' : 'usual'}`
  const cost = await timed(transcript, plain, world, ledger, name)
  await ledger.keep(name.replaceAll(' ', '-'), transcript)
  return cost
}

/** The programs of a terminal: `npm start` starts this platform, and curl has the student's token in its settings. */
async function programsOf(place: Place): Promise<Programs> {
  const serve = [process.execPath, join(root, 'bin', `learnflow${extname(import.meta.filename)}`), 'serve'] as const
  return { 'npm start': serve, curl: ['curl', '-H', `authorization: Bearer ${await place.token()}`] }
}

async function timed<World>(
  transcript: Transcript,
  route: TaskRoute<World>,
  world: World,
  { progress }: Ledger,
  name: string,
): Promise<Cost> {
  await route.given?.(world)
  const begun = performance.now()
  let ms = 0
  let ok = false
  try {
    await route.run(world)
    ms = performance.now() - begun
    ok = await route.holds(world)
  } catch (error) {
    // A route that throws counts as a task that was not done.
    ms = performance.now() - begun
    progress(`${name}: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`)
  }
  const cost = transcript.cost(ok, ms)
  progress(
    `${name}: ${cost.calls} calls, ${cost.call_tokens + cost.result_tokens} tokens, ` +
      `${(ms / 1_000).toFixed(1)} s, ${ok ? 'done' : 'not done'}`,
  )
  return cost
}

/** Plays a task of many steps as single calls, and as one program. */
export async function playSteps(
  ledger: Ledger,
  { id, given, calls, js, allow }: Steps,
): Promise<{ single: Cost; program: Cost }> {
  const play = async (name: string, act: (agent: CodingAgent) => Promise<void>): Promise<Cost> => {
    const transcript = openTranscript(ledger.count)
    await using place = await openPlace(ledger.template)
    await given(place)
    await using agent = await openCodingAgent(place.folder, place.data, transcript)
    const cost = await timed(
      transcript,
      { run: async () => act(agent), holds: async () => true },
      undefined,
      ledger,
      `${id} ${name}`,
    )
    await ledger.keep(`${id}-${name}`, transcript)
    return cost
  }
  return {
    single: await play('single', calls),
    program: await play('program', async agent => {
      await agent.call('code', { js, ...(allow === undefined ? {} : { allow }) })
    }),
  }
}
