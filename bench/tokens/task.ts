import type { CodingAgent } from './coding-agent.ts'
import type { Engines } from './engines.ts'
import type { Place } from './place.ts'
import type { Terminal } from './terminal.ts'

/** Our route: the tools of `learnflow mcp`, and the terminal that every host has, for what is a file. */
export interface OurWorld {
  place: Place
  agent: CodingAgent
  terminal: Terminal
}

/** The plain route: standard tools in a terminal. `terse` says that the agent asks for as little as the tools can print. */
export interface PlainWorld {
  place: Place
  terminal: Terminal
  terse: boolean
  /** Real engines that all tasks of a run share, started when somebody asks for them. */
  engines(): Promise<Engines>
  /** Engines of the task's own, whose start is part of it. */
  startEngines(): Promise<Engines>
}

/** One route through a task. `given` is what was there, or broken, before the agent began; it costs nothing. `holds` measures whether the task is done. */
export interface TaskRoute<World> {
  given?(world: World): Promise<void>
  run(world: World): Promise<void>
  holds(world: World): Promise<boolean>
}

export interface Task {
  id: string
  title: string
  /** Begins with a folder where nothing ever ran. */
  empty?: boolean
  ours: TaskRoute<OurWorld>
  plain?: TaskRoute<PlainWorld>
  /** What the plain route lacks, or what else a reader must know to compare fairly. */
  note?: string
}
