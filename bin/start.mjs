#!/usr/bin/env node
// What `npm start` and `npm test` run: finds or fetches Node 24 and the locked packages, then runs the command under
// them. Plain JavaScript for Node >= 20.20; the modules that it starts may be TypeScript, which Node 24 runs directly.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants } from 'node:os'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const pinnedNode = '24.21.0'
const commands = {
  start: args => ['bin/learnflow.ts', 'serve', '--greet', ...args],
  test: args => ['bin/tools/test.ts', ...args],
  proof: args => ['bin/tools/proof.ts', ...args],
  check: args => ['bin/tools/check.ts', ...args],
  generate: args => ['bin/tools/generate.ts', ...args],
  pack: args => ['bin/tools/pack.ts', ...args],
  learnflow: args => ['bin/learnflow.ts', ...args],
}

const [name = 'start', ...rest] = process.argv.slice(2)
const args = rest[0] === '--' ? rest.slice(1) : rest
if (!(name in commands)) fail(`there is no command ${name}: ${Object.keys(commands).join(', ')}`, 3)
const node = nodeIsNewEnough() ? process.execPath : fetchedNode()
installPackages(node)
run(node, commands[name](args))

function nodeIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20)
    fail(`Node ${process.versions.node} is too old: 20.20 or newer is needed to fetch Node ${pinnedNode}`, 2)
  return major > 24 || (major === 24 && minor >= 11)
}

/**
 * The pinned Node from the npm registry, kept in a git-ignored cache; its platform packages contain only the binary.
 */
function fetchedNode() {
  const folder = join(root, '.cache', `node-${pinnedNode}`)
  const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const binary = join(folder, 'node_modules', packageName, 'bin', 'node')
  if (!existsSync(binary)) {
    say(`fetching Node ${pinnedNode} (this one is ${process.versions.node})`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    npm(
      process.execPath,
      ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${packageName}@${pinnedNode}`],
      folder,
    )
  }
  return binary
}

/** Runs `npm ci` when the installed packages came from another lock file. */
function installPackages(executable) {
  const stamp = join(root, 'node_modules', '.learnflow-lock')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing the locked packages')
  rmSync(stamp, { force: true })
  npm(executable, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root)
  writeFileSync(stamp, wanted)
}

/** npm itself, under the given Node. */
function npm(executable, args, cwd) {
  const cli = process.env.npm_execpath
  const env = { ...process.env, PATH: `${dirname(executable)}:${process.env.PATH}` }
  const [command, first] = cli?.endsWith('.js') ? [executable, [cli]] : ['npm', []]
  const { status, error } = spawnSync(command, [...first, ...args], { cwd, env, stdio: ['ignore', 2, 2] })
  if (status !== 0)
    fail(
      `npm ${args[0]} failed (${error?.message ?? `exit ${status}`}): see its lines above; the package registry must be reachable for the first start`,
      2,
    )
}

/**
 * Runs a command to its end and forwards stop signals. A terminal's Ctrl-C also reaches the child directly, which
 * treats two at once as one.
 */
function run(executable, args) {
  const child = spawn(
    executable,
    args.map((arg, at) => (at === 0 ? join(root, arg) : arg)),
    {
      stdio: 'inherit',
      env: {
        // Node keeps here what it compiled, which halves the start of a command.
        NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'),
        ...process.env,
        PATH: `${dirname(executable)}:${process.env.PATH}`,
      },
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => fail(error.message, 2))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

function say(text) {
  process.stderr.write(`learnflow: ${text}\n`)
}

function fail(text, code) {
  say(text)
  process.exit(code)
}
