import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const { publicKey, privateKey } = await generateKeyPair('RS256')
const pem = await exportSPKI(publicKey)
let folder: string
const data = (): string => join(folder, 'data')

/** The command line of somebody whose platform takes the tokens of an identity provider. */
const learnflow = async (args: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [join(root, 'bin', 'learnflow.ts'), ...args], {
    cwd: folder,
    reject: false,
    input: '',
    env: {
      XDG_STATE_HOME: join(folder, 'state'),
      LEARNFLOW_DATA_DIR: data(),
      LEARNFLOW_SANDBOX_PROCESSES: '1',
      LEARNFLOW_LOG_LEVEL: 'warn',
      LEARNFLOW_JWT_PUBLIC_KEY: pem,
      LEARNFLOW_JWT_ISSUER: 'https://login.example',
      LEARNFLOW_JWT_AUDIENCE: 'tutor',
      LEARNFLOW_JWT_ROLE_MAP: 'Learner=student,professor=teacher,admin=operator',
      ...env,
    },
  })

/** A file with a token of the identity provider. */
async function tokenOf(sub: string, role: string): Promise<string> {
  const token = await new SignJWT({ sub, role, iss: 'https://login.example', aud: 'tutor', classes: ['c1'] })
    .setProtectedHeader({ alg: 'RS256' })
    .setExpirationTime('10m')
    .sign(privateKey)
  const file = join(folder, `${sub}.jwt`)
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return file
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-provider-'))
  expect(await learnflow(['up', '--port', '0'])).toMatchObject({ exitCode: 0, stderr: '' })
})
afterAll(async () => {
  await learnflow(['down'])
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

test('settings of a provider that are none are told by doctor and up before anything starts', async () => {
  for (const [command, setting, text] of [
    ['doctor', 'LEARNFLOW_JWT_ROLE_MAP', 'professor=boss'],
    ['up', 'LEARNFLOW_JWT_AUDIENCE', 'learnflow-mcp'],
  ] as const)
    expect(await learnflow([command], { [setting]: text })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(new RegExp(`^INVALID_INPUT: [\\s\\S]*${setting}`)),
    })
})

test('token refuses and says where tokens come from and how to give them', async () => {
  const refused = { exitCode: 3, stdout: '', stderr: expect.stringMatching(/^UNAUTHENTICATED: .+\n.+--token-file/) }
  expect(await learnflow(['token', '--student', 'ann'])).toMatchObject(refused)
  expect(await learnflow(['submit', join(root, 'examples', 'square.py'), '--exercise', 'square'])).toMatchObject(
    refused,
  )
})

test('without a token verify measures what needs none, skips the others and is no success', async () => {
  const { exitCode, stdout } = await learnflow(['verify', 'api', 'topics', 'sandbox.memory', 'grading.right'])
  expect(stdout).toMatch(/^ok +api\.token-forged/m)
  expect(stdout).toMatch(/^skip +grading\.right .*: it needs students of its own, and only the identity provider/m)
  expect(stdout).toMatch(/^skip +sandbox\.memory .*: it needs a token/m)
  expect(stdout).toMatch(/^4 passed, 0 failed, 3 skipped/m)
  expect(exitCode).toBe(2)
  expect(await learnflow(['verify', 'topics'])).toMatchObject({ exitCode: 0 })
  expect(await learnflow(['verify', 'grading.right', '--json'])).toMatchObject({ exitCode: 2 })
})

test('with a token verify measures all that needs no students of its own', async () => {
  const checks = ['sandbox.memory', 'sandbox.network', 'sandbox.residents', 'api.own-only']
  const { exitCode, stdout } = await learnflow(['verify', ...checks, '--token-file', await tokenOf('ann', 'Learner')])
  expect(stdout).toMatch(/^3 passed, 0 failed, 1 skipped$/m)
  expect(exitCode).toBe(2)
  const all = await learnflow(['verify', '--token-file', join(folder, 'ann.jwt')])
  expect(all.stdout).toMatch(/^\d+ passed, \d failed, 8 skipped/m)
})

test('commands act as the person of the given token, and as nobody else', async () => {
  const ann = await tokenOf('ann', 'Learner')
  const program = join(root, 'examples', 'square.py')
  expect(await learnflow(['submit', program, '--exercise', 'square', '--token-file', ann])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^passed/),
  })
  const asAnn = { LEARNFLOW_TOKEN_FILE: ann }
  expect((await learnflow(['submissions'], asAnn)).stdout).toContain('1 submission of ann')
  expect((await learnflow(['exercises', '--limit', '1'], asAnn)).stdout).toMatch(/^1 of \d+ exercises$/m)
  await expect.poll(async () => (await learnflow(['progress'], asAnn)).stdout).toContain('ann is in 1 module')
  expect(await learnflow(['submissions', '--student', 'bob'], asAnn)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('the token is of ann, not of bob'),
  })
  expect(await learnflow(['rosters', 'list', '--class', 'c1'], asAnn)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^FORBIDDEN/),
  })
  const teacher = await tokenOf('tom', 'professor')
  expect(await learnflow(['rosters', 'list', '--class', 'c1', '--token-file', teacher])).toMatchObject({ exitCode: 0 })
  const operator = await tokenOf('oda', 'admin')
  expect((await learnflow(['progress', '--student', 'ann', '--token-file', operator])).stdout).toContain('ann is in')
})

test('a token that does not help is told', async () => {
  expect(await learnflow(['submissions', '--token-file', join(folder, 'none.jwt')])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^NOT_FOUND: .*none\.jwt cannot be read/),
  })
  await writeFile(join(folder, 'garbage.jwt'), 'x.y.z')
  expect(await learnflow(['submissions', '--token-file', 'garbage.jwt'])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^INVALID_INPUT: .*does not hold one JWT/),
  })
  expect(await learnflow(['submissions', '--token-file', await tokenOf('tim', 'teacher')])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^UNAUTHENTICATED: .*role holds none of Learner, professor, admin/),
  })
})

test('an agent is tested by its partitions alone', async () => {
  expect(await learnflow(['tutoring-agents', 'restart', 'exercise'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('no probe: only the identity provider makes tokens'),
  })
})
