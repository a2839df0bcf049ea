#!/usr/bin/env node
// The command of the installed package, in plain JavaScript so that an old Node can read it and report that it is too
// old. In a checkout it calls start.mjs, which finds or fetches a Node that runs the sources.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'dist', 'bin', 'learnflow.js')
const least = [24, 11]

if (existsSync(join(root, 'bin', 'learnflow.ts'))) {
  process.argv.splice(2, 0, 'learnflow')
  await import('./start.mjs')
} else if (isTooOld()) {
  process.stderr.write(
    `NOT_RUNNING: learnflow needs Node ${least.join('.')} or newer, this is ${process.versions.node}\nInstall a newer Node, or run a checkout with npm start: it fetches one.\n`,
  )
  process.exitCode = 2
} else {
  await import(pathToFileURL(built).href)
}

function isTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major < least[0] || (major === least[0] && minor < least[1])
}
