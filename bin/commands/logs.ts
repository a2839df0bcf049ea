import { setTimeout as sleep } from 'node:timers/promises'
import { configOf } from '../../skills/command.ts'
import { printData, printLines } from '../../skills/output.ts'
import { readLines, sizeOf } from '../../platform/targets/log-tail.ts'
import { folderRedactor } from '../../skills/redact.ts'
import { runScript } from '../../skills/registry.ts'

interface LogsOptions {
  lines: string
  grep?: string
  process?: string
  follow?: boolean
  data?: string
  json?: boolean
}

const pollMs = 300

/** Prints the last lines of the platform's log; with `follow` also new ones, until Ctrl-C. */
export async function logsCommand({ lines, grep, process: name, follow, data, json }: LogsOptions): Promise<void> {
  const config = configOf(data)
  const input = {
    lines: /^\d+$/.test(lines) ? Number(lines) : lines,
    ...(grep === undefined ? {} : { grep }),
    ...(name === undefined ? {} : { process: name }),
  }
  const found = (await runScript('platform-up/logs', input, { config })).data as { log: string; lines: string[] }
  if (json) return printData(found)
  printLines(found.lines)
  if (follow === true)
    await followLog(
      found.log,
      line => grep === undefined || line.includes(grep),
      await folderRedactor(config.LEARNFLOW_DATA_DIR),
    )
}

async function followLog(
  log: string,
  wanted: (line: string) => boolean,
  redact: (lines: string[]) => string[],
): Promise<never> {
  for (let from = await sizeOf(log); ;) {
    const { lines, end } = await readLines(log, from)
    printLines(redact(lines.filter(wanted)))
    from = end
    await sleep(pollMs)
  }
}
