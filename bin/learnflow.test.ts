import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const hook = `import { registerHooks } from 'node:module'
registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) })`

/** The files that a command loads, relative to the root. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const loader = `data:text/javascript,${encodeURIComponent(hook)}`
  const { stderr } = await execa(process.execPath, ['--import', loader, join(root, 'bin', 'learnflow.ts'), ...args])
  return [...stderr.matchAll(/^file:.*$/gm)].map(([url]) => relative(root, fileURLToPath(url)))
}

/** Its time is the command line's own: a port, driver or script that it loaded would be felt by everybody who types. */
test('the help loads the command line and nothing that a command needs', async () => {
  const own = (files: readonly string[]) => files.filter(file => !file.includes('node_modules/commander/')).toSorted()
  const help = [
    'bin/learnflow.ts',
    'platform/errors.ts',
    'skills/output.ts',
    'skills/short-names.ts',
    'skills/usage.ts',
  ]
  expect(own(await loadedBy('--help'))).toEqual(help)
  expect(own(await loadedBy('status', '--help')).length).toBeGreaterThan(help.length)
})
