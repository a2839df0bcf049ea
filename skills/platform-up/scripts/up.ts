import * as z from 'zod'
import { noteUp } from '../../../platform/config.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { openSupervisor } from '../../../platform/open.ts'
import { readTopology } from '../../../platform/targets/local/topology.ts'
import type { Context } from '../../definition.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { entry } from '../../entry.ts'
import { planUp, upLocal } from '../local.ts'
import { failureIn, sizeOf } from '../../../platform/targets/log-tail.ts'
import { findPlatform, type Found, isReady, supervised, pollUntil } from '../../../platform/targets/running.ts'

const up = defineScript({
  about: 'Starts the platform in the background and waits until it is ready.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({
    target: z.enum(['embedded', 'local', 'kubernetes']).default('embedded').describe('where it runs'),
    port: z.number().int().min(0).max(65_535).optional().describe('the port of the API; 0 takes a free one'),
    wait_seconds: z.number().min(1).max(600).default(60).describe('how long to wait for it'),
  }),
  output: z.object({ url: z.string(), pid: z.number().int(), data_dir: z.string(), version: z.string() }),
  async run({ target, port, wait_seconds }, { config, dryRun, progress, signal }) {
    if (target === 'kubernetes')
      throw new PlatformError('INVALID_INPUT', `the target ${target} is not built here`, {
        hint: 'learnflow up --target embedded',
      })
    const folder = config.LEARNFLOW_DATA_DIR
    if (target === 'local') return local({ config, dryRun, progress, line: progress, signal }, port, wait_seconds)
    if ((await readTopology(folder)) !== undefined)
      throw new PlatformError('INVALID_INPUT', `${folder} holds a platform of the target local`, {
        hint: 'learnflow up --target local, or another --data DIR.',
      })
    const before = await findPlatform(folder)
    if (isReady(before)) return described(before, folder, 0)
    const wanted = port ?? config.LEARNFLOW_HTTP_PORT
    if (dryRun) {
      const data = { url: `http://${config.LEARNFLOW_HTTP_HOST}:${wanted}`, pid: 0, data_dir: folder, version: '' }
      return {
        changed: 1,
        summary: `start on ${folder}`,
        data,
        plan: [`start the embedded platform on ${folder}, port ${wanted}`],
      }
    }
    const supervisor = openSupervisor(folder)
    const { log } = await supervisor.status(supervised)
    const logged = await sizeOf(log)
    try {
      progress(`starting on ${folder}`)
      await supervisor.start(supervised, [entry, 'serve', '--data', folder, '--port', String(wanted)])
      const settled = async (): Promise<boolean> =>
        isReady(await findPlatform(folder)) ||
        ['stopped', 'crash_loop'].includes((await supervisor.status(supervised)).status)
      await pollUntil(settled, wait_seconds * 1_000, signal)
    } catch (error) {
      throw (await failureIn(log, logged)) ?? error
    }
    const found = await findPlatform(folder)
    if (isReady(found)) {
      const done = described(found, folder, 1)
      return { ...done, summary: `${done.summary}${noted(folder)}` }
    }
    throw (
      (await failureIn(log, logged)) ??
      new PlatformError('DEPENDENCY_DOWN', `not ready after ${wait_seconds} s`, {
        hint: `See ${log}, then learnflow status.`,
      })
    )
  },
})

async function local(context: Context, port: number | undefined, waitSeconds: number) {
  const { config, dryRun } = context
  const folder = config.LEARNFLOW_DATA_DIR
  const before = await findPlatform(folder)
  if (before?.running.target === 'embedded')
    throw new PlatformError('DATA_FOLDER_IN_USE', `an embedded platform runs on ${folder}`, {
      hint: 'Choose another folder with --data DIR.',
    })
  if (dryRun) {
    const plan = await planUp(context, port)
    const data = {
      url: `http://${config.LEARNFLOW_HTTP_HOST}:${port ?? config.LEARNFLOW_HTTP_PORT}`,
      pid: 0,
      data_dir: folder,
      version: '',
    }
    return { changed: plan.length, summary: `start the target local on ${folder}`, data, plan }
  }
  const { found, started, verified } = await upLocal(context, { port, waitSeconds })
  const done = described(found, folder, started)
  return started === 0
    ? done
    : { ...done, summary: `${done.summary}, ${started} processes started, ${verified}${noted(folder, 'local')}` }
}

/** Without the record the platform runs all the same, but later commands need `--data`. */
function noted(folder: string, target: 'embedded' | 'local' = 'embedded'): string {
  try {
    noteUp(folder, target)
    return ''
  } catch (error) {
    return `; could not note that (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}): give later commands --data`
  }
}

function described({ running: { url, pid, version } }: Found, folder: string, changed: number) {
  return { changed, summary: `up at ${url}, data in ${folder}`, data: { url, pid, data_dir: folder, version } }
}
export default up
if (import.meta.main) await runAsMain(import.meta, up)
