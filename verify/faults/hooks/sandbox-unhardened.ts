import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onStart } from '../../../platform/steps.ts'

const folder = join(import.meta.dirname, '..', 'unhardened')
const hook = pathToFileURL(join(folder, `replace${extname(import.meta.filename)}`)).href

// Interpreters keep this machine's network, and load the modules of `unhardened` instead of those that remove rights.
onStart('sandbox:start', start => {
  const [tool = ''] = start.command
  if (tool.endsWith('/unshare')) start.command = start.command.slice(start.command.indexOf('--') + 1)
  start.nodeArguments = [`--allow-fs-read=${folder}`, `--import=${hook}`]
})
