import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { points } from './points.ts'

// Loaded into a worker with `--import die-at.ts?point=NAME&student=ID`: it dies by SIGKILL when it has an event of that student in hand at
// that point of the code. The sources are changed as they are loaded; no line of the platform knows of this.

const wanted = new URL(import.meta.url).searchParams
const name = wanted.get('point') ?? ''
const point = points[name]
if (point === undefined) throw new Error(`there is no point "${name}"`)
const { file, before, student } = point
const url = pathToFileURL(join(import.meta.dirname, '..', '..', file)).href

registerHooks({
  load(loaded, context, next) {
    const found = next(loaded, context)
    if (loaded !== url) return found
    const source = Buffer.from(found.source as Uint8Array).toString('utf8')
    if (source.split(before).length !== 2)
      throw new Error(`the point "${name}" expects this text once in ${file}: ${before}`)
    const dying = `if (${student} === ${JSON.stringify(wanted.get('student'))}) process.kill(process.pid, 'SIGKILL')`
    return { ...found, source: source.replace(before, () => `${dying}\n${before}`) }
  },
})
