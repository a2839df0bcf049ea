import type { CodingAgent } from './coding-agent.ts'
import type { Engines } from './engines.ts'
import type { Place } from './place.ts'
import type { Terminal } from './terminal.ts'

/** Our route: the tools of `learnflow mcp`, and the terminal that every host has, for work on files. */
export interface OurWorld {
  place: Place
  agent: CodingAgent
  terminal: Terminal
}

/**
 * The plain route: standard tools in a terminal. With `terse` the agent requests the least output that the tools offer.
 */
export interface PlainWorld {
  place: Place
  terminal: Terminal
  terse: boolean
  /** Real engines that all tasks of a run share, started on first use. */
  engines(): Promise<Engines>
  /** Starts engines for this task alone, as part of the task. */
  startEngines(): Promise<Engines>
}

/**
 * One route through a task. `given` sets up the situation before the agent begins and is not counted. `holds` measures
 * whether the task is done.
 */
export interface TaskRoute<World> {
  given?(world: World): Promise<void>
  run(world: World): Promise<void>
  holds(world: World): Promise<boolean>
}

export interface Task {
  id: string
  title: string
  /** Starts with a folder in which nothing has run. */
  empty?: boolean
  ours: TaskRoute<OurWorld>
  plain?: TaskRoute<PlainWorld>
  /** What the plain route lacks, or what else is needed for a fair comparison. */
  note?: string
}
