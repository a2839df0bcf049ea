import * as z from 'zod'
import { demandRunning, deployEngine, idleAmong, planOf, stopAll } from '../platform/targets/local/deploy.ts'
import { localSupervisor } from '../platform/targets/local/home.ts'
import {
  engineAt,
  type LocalEngine,
  processNames,
  demandTopology,
  ensureTopology,
} from '../platform/targets/local/topology.ts'
import { smokeTestEngine } from '../platform/targets/local/smoke-test.ts'
import { defineScript } from './definition.ts'
import { counted } from '../schemas/counted.ts'

const SmokeTestResult = z.object({ started: z.array(z.string()), proof: z.string() })

/** The script that starts an engine of the `local` target and tests that it works. */
export const deployScript = (name: LocalEngine, title: string) =>
  defineScript({
    about: `Starts ${title} on this machine, supervised, and proves that it works. \`remove\` is the undo.`,
    effect: 'changes',
    needs: ['folder'],
    input: z.object({}),
    output: SmokeTestResult,
    async run(_input, { config, dryRun, progress }) {
      const folder = config.LEARNFLOW_DATA_DIR
      const topology = await ensureTopology(config, !dryRun)
      const [engine, supervisor] = [await engineAt(name, folder, topology), localSupervisor(folder)]
      if (dryRun) {
        const plan = await planOf(engine, supervisor)
        return {
          changed: plan.length,
          summary: `start ${counted(plan.length, 'process')} of ${name}`,
          data: { started: [], proof: '' },
          plan,
        }
      }
      progress(`starting ${name}`)
      const started = await deployEngine(engine, supervisor)
      const proof = await smokeTestEngine(name, topology)
      return {
        changed: started.length,
        summary: `${name}: ${counted(engine.programs.length, 'process')}, ${proof}`,
        data: { started, proof },
      }
    },
  })

/** The script that checks whether an engine of the `local` target runs and works. */
export const statusScript = (name: LocalEngine, title: string) =>
  defineScript({
    about: `Says whether every process of ${title} runs, and proves that it works. Fails when not.`,
    effect: 'reads',
    needs: ['folder'],
    input: z.object({}),
    output: z.object({
      processes: z.array(z.object({ name: z.string(), pid: z.number().int(), restarts: z.number().int() })),
      proof: z.string(),
    }),
    async run(_input, { config }) {
      const folder = config.LEARNFLOW_DATA_DIR
      const topology = await demandTopology(folder)
      const states = await demandRunning(await engineAt(name, folder, topology), localSupervisor(folder))
      const proof = await smokeTestEngine(name, topology)
      const restarts = states.reduce((sum, state) => sum + state.restarts, 0)
      return {
        summary: `${name}: ${counted(states.length, 'process')}, ${counted(restarts, 'restart')}, ${proof}`,
        data: {
          processes: states.map(state => ({ name: state.name, pid: state.pid ?? 0, restarts: state.restarts })),
          proof,
        },
      }
    },
  })

/**
 * The script that stops those processes of a `local` platform that `isOwn` selects; `summary` gets the number that
 * were, or would be, stopped.
 */
export const stopScript = (
  about: string,
  isOwn: (process: string) => boolean,
  summary: (count: number, dryRun: boolean) => string,
) =>
  defineScript({
    about,
    effect: 'changes',
    needs: ['folder'],
    input: z.object({}),
    output: z.object({ stopped: z.array(z.string()) }),
    async run(_input, { config, dryRun }) {
      const folder = config.LEARNFLOW_DATA_DIR
      const supervisor = localSupervisor(folder)
      const own = (await processNames(folder)).filter(isOwn)
      if (!dryRun) {
        const stopped = await stopAll(own, supervisor)
        return { changed: stopped.length, summary: summary(stopped.length, false), data: { stopped } }
      }
      const idle = await idleAmong(own, supervisor)
      const up = own.filter(name => !idle.includes(name))
      return {
        changed: up.length,
        summary: summary(up.length, true),
        data: { stopped: [] },
        plan: up.map(name => `stop ${name}`),
      }
    },
  })

/** The script that stops an engine of the `local` target. */
export const removeScript = (name: LocalEngine, title: string) =>
  stopScript(
    `Stops ${title}; its data stays. \`deploy\` is the undo.`,
    process => process === name || process.startsWith(`${name}-`),
    (count, dryRun) =>
      dryRun
        ? `stop ${counted(count, 'process')} of ${name}`
        : `${name} removed, ${counted(count, 'process')} stopped; its data stays`,
  )
