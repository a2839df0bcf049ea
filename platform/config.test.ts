import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { enginesFolder, findConfig, noteUp, readConfig, rightConfig, rightSettings } from './config.ts'
import { PlatformError } from './errors.ts'

/** A folder below one that has this `learnflow.yaml`. */
async function folderBelow(yaml: string): Promise<{ top: string; below: string }> {
  const top = await mkdtemp(join(tmpdir(), 'learnflow-config-'))
  onTestFinished(async () => rm(top, { recursive: true, force: true }))
  const below = join(top, 'a', 'b')
  await mkdir(below, { recursive: true })
  await writeFile(join(top, 'learnflow.yaml'), yaml)
  return { top, below }
}

function mistakes(...given: Parameters<typeof readConfig>): string {
  try {
    readConfig(...given)
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'INVALID_INPUT') return error.message
    throw error
  }
  throw new Error('no mistake was found')
}

test.each([
  ['professor=teacher, Learner=student', { professor: 'teacher', Learner: 'student' }],
  ['a=b=operator', { 'a=b': 'operator' }],
  ['{"CN=Staff,OU=x": "teacher"}', { 'CN=Staff,OU=x': 'teacher' }],
])('roles of a provider are mapped to ours: %s', (text, map) => {
  expect(readConfig({}, { LEARNFLOW_JWT_ROLE_MAP: text }, '/').LEARNFLOW_JWT_ROLE_MAP).toEqual(map)
})

test('a mapping of roles in a settings file is one', async () => {
  const { below } = await folderBelow('jwt_role_map:\n  CN=Staff,OU=x: teacher\n')
  expect(readConfig({}, {}, below).LEARNFLOW_JWT_ROLE_MAP).toEqual({ 'CN=Staff,OU=x': 'teacher' })
})

test.each(['professor', 'a=teacher,a=student', '', '{', 'professor=boss', '{"a": "boss"}'])(
  'what maps no roles is a fault of the settings: %s',
  text => {
    expect(mistakes({}, { LEARNFLOW_JWT_ROLE_MAP: text }, '/')).toMatch(/must be pairs|is none of student/)
  },
)

test('nothing set: the embedded platform, its data below the XDG data folder or ~/.local/share', () => {
  expect(readConfig({}, {}, '/')).toMatchObject({
    LEARNFLOW_DRIVERS: 'embedded',
    LEARNFLOW_HTTP_PORT: 8787,
    LEARNFLOW_HTTP_HOST: '127.0.0.1',
  })
  expect(readConfig({}, {}, '/').LEARNFLOW_DATA_DIR).toBe(join(homedir(), '.local', 'share', 'learnflow'))
  expect(readConfig({}, { XDG_DATA_HOME: '/xdg' }, '/').LEARNFLOW_DATA_DIR).toBe('/xdg/learnflow')
  expect(readConfig({}, { XDG_DATA_HOME: 'relative' }, '/').LEARNFLOW_DATA_DIR).toBe(
    join(homedir(), '.local', 'share', 'learnflow'),
  )
})

test('a flag overrides the environment, the environment overrides learnflow.yaml found upwards', async () => {
  const { below } = await folderBelow('http_port: 1001\nhttp_host: 0.0.0.0\ndependency_seconds: 2.5\n')
  const env = { LEARNFLOW_HTTP_PORT: '1002', LEARNFLOW_HTTP_HOST: '::1', HOME: '/h' }
  expect(readConfig({ LEARNFLOW_HTTP_PORT: 1003 }, env, below)).toMatchObject({
    LEARNFLOW_HTTP_PORT: 1003,
    LEARNFLOW_HTTP_HOST: '::1',
    LEARNFLOW_DEPENDENCY_SECONDS: 2.5,
    LEARNFLOW_LEASE_SECONDS: 10,
  })
})

test('a relative data folder is beside the file that names it, or else in the current folder', async () => {
  const { top, below } = await folderBelow('data_dir: data\n')
  expect(readConfig({}, {}, below).LEARNFLOW_DATA_DIR).toBe(join(top, 'data'))
  expect(readConfig({}, { LEARNFLOW_DATA_DIR: 'mine' }, below).LEARNFLOW_DATA_DIR).toBe(join(below, 'mine'))
})

test('all mistakes are reported together, unknown settings by their name', async () => {
  const { below } = await folderBelow('http_prot: 8787\nlog_level: loud\n')
  const said = mistakes(
    {},
    { LEARNFLOW_HTTP_PORT: '70000', LEARNFLOW_LEASE_SECONDS: 'ten', LEARNFLOW_QUERRY_SECONDS: '1' },
    below,
  )
  for (const name of [
    'LEARNFLOW_HTTP_PORT',
    'LEARNFLOW_LEASE_SECONDS',
    'LEARNFLOW_QUERRY_SECONDS',
    'LEARNFLOW_HTTP_PROT',
    'LEARNFLOW_LOG_LEVEL',
  ])
    expect(said).toContain(name)
})

test('a setting that was renamed is a mistake that names the new one, from the environment and from the file', async () => {
  const { below } = await folderBelow('query_seconds: 5\nhttp_prot: 8787\n')
  const said = mistakes({}, { LEARNFLOW_ENGINE: 'dapr', LEARNFLOW_ENGINES: '/engines' }, below)
  expect(said).toContain('LEARNFLOW_ENGINE is called LEARNFLOW_DRIVERS now')
  expect(said).toContain('LEARNFLOW_ENGINES is called LEARNFLOW_ENGINE_CACHE now')
  expect(said).toContain('LEARNFLOW_QUERY_SECONDS is called LEARNFLOW_DEPENDENCY_SECONDS now')
  expect(said).toContain('LEARNFLOW_HTTP_PROT')
  expect(mistakes({}, { LEARNFLOW_ENGINE: 'embedded' }, '/')).toBe('LEARNFLOW_ENGINE is called LEARNFLOW_DRIVERS now')
})

test('the folder of the exercises is as one says it: beside the file, or in the current folder', async () => {
  const { top, below } = await folderBelow('exercises: bank\n')
  expect(readConfig({}, {}, below).LEARNFLOW_EXERCISES).toBe(join(top, 'bank'))
  expect(readConfig({}, { LEARNFLOW_EXERCISES: 'ours' }, below).LEARNFLOW_EXERCISES).toBe(join(below, 'ours'))
  expect(readConfig({}, {}, '/').LEARNFLOW_EXERCISES).toBeUndefined()
})

test('the folder of the engines is a setting like the others', async () => {
  const { top, below } = await folderBelow('engine_cache: engines\n')
  expect(readConfig({}, {}, below).LEARNFLOW_ENGINE_CACHE).toBe(join(top, 'engines'))
  expect(enginesFolder({ LEARNFLOW_ENGINE_CACHE: '/engines' })).toBe('/engines')
  expect(enginesFolder({})).toBe(join(homedir(), '.cache', 'learnflow', 'engines'))
})

test.for(['', ' ', '8787x', '80.5', '-1', 'NaN'])(
  'a port of %j is a mistake, not a number that it might mean',
  value => {
    expect(mistakes({}, { LEARNFLOW_HTTP_PORT: value }, '/')).toContain('LEARNFLOW_HTTP_PORT')
  },
)

test('a file that is no mapping of settings is an error that names the file', async () => {
  for (const yaml of ['- a\n- b\n', 'http_port: [', 'text']) {
    const { top, below } = await folderBelow(yaml)
    expect(mistakes({}, {}, below)).toContain(join(top, 'learnflow.yaml'))
  }
})

test('an empty file sets nothing', async () => {
  const { below } = await folderBelow('# nothing yet\n')
  expect(readConfig({}, {}, below).LEARNFLOW_HTTP_PORT).toBe(8787)
})

test('a model needs its name, and its address holds neither a password nor a query', () => {
  const LEARNFLOW_MODEL_URL = 'https://models.example/v1'
  expect(readConfig({}, {}, '/').LEARNFLOW_MODEL_URL).toBeUndefined()
  expect(mistakes({}, { LEARNFLOW_MODEL_URL }, '/')).toMatch(/LEARNFLOW_MODEL_NAME/)
  const env = { LEARNFLOW_MODEL_URL, LEARNFLOW_MODEL_NAME: 'tiny', LEARNFLOW_MODEL_KEY_FILE: 'key' }
  expect(readConfig({}, env, '/etc')).toMatchObject({ ...env, LEARNFLOW_MODEL_KEY_FILE: '/etc/key' })
  for (const url of ['https://me:secret@models.example/v1', 'https://models.example/v1?key=secret', 'file:///x'])
    expect(mistakes({}, { ...env, LEARNFLOW_MODEL_URL: url }, '/')).not.toContain('secret')
})

test('each mistake of a file is told with its line, a broken file with the line where it breaks', async () => {
  const { top, below } = await folderBelow('# ours\nhttp_port: 1\nsandbox_processes: two\nhttp_prot: 2\n')
  const file = join(top, 'learnflow.yaml')
  const said = mistakes({}, {}, below)
  expect(said).toContain(`${file}:3: LEARNFLOW_SANDBOX_PROCESSES is wrong`)
  expect(said).toContain(`${file}:4: LEARNFLOW_HTTP_PROT is no setting`)
  expect(said).not.toContain('\n')
  await writeFile(file, 'http_port: 1\nlog_level: [\n')
  expect(mistakes({}, {}, below)).toMatch(new RegExp(`^${file}:[23]: `))
  await writeFile(file, 'http_port: 1\nhttp_port: 2\n')
  expect(mistakes({}, {}, below)).toMatch(`${file}:2: `)
})

test('where the settings are wrong, the right ones still count', async () => {
  const { top, below } = await folderBelow('data_dir: data\nsandbox_processes: two\nhttp_prot: 2\n')
  const right = rightSettings({}, { LEARNFLOW_HTTP_PORT: '1002' }, below)
  expect(right).toMatchObject({ LEARNFLOW_SANDBOX_PROCESSES: 2, LEARNFLOW_HTTP_PORT: 1002 })
  expect(right.LEARNFLOW_DATA_DIR).toBe(join(top, 'data'))
  await writeFile(join(top, 'learnflow.yaml'), '[')
  expect(rightSettings({ LEARNFLOW_HTTP_PORT: 3 }, {}, below).LEARNFLOW_HTTP_PORT).toBe(3)
})

test.each([
  [
    { LEARNFLOW_KAFKA_SASL: 'plain', LEARNFLOW_KAFKA_USER: 'me' },
    'LEARNFLOW_KAFKA_SASL needs LEARNFLOW_KAFKA_PASSWORD_FILE',
  ],
  [{ LEARNFLOW_KAFKA_USER: 'me' }, 'LEARNFLOW_KAFKA_USER needs LEARNFLOW_KAFKA_SASL'],
  [
    { LEARNFLOW_KAFKA_TLS: 'on', LEARNFLOW_KAFKA_CERT_FILE: 'a.crt' },
    'LEARNFLOW_KAFKA_CERT_FILE needs LEARNFLOW_KAFKA_KEY_FILE',
  ],
  [{ LEARNFLOW_REDIS_CA_FILE: 'ca.crt' }, 'LEARNFLOW_REDIS_CA_FILE needs LEARNFLOW_REDIS_TLS on'],
  [{ LEARNFLOW_REDIS_USER: 'me' }, 'LEARNFLOW_REDIS_USER needs LEARNFLOW_REDIS_PASSWORD_FILE'],
  [{ LEARNFLOW_DRIVERS: 'dapr', LEARNFLOW_REDIS_TLS: 'on' }, 'LEARNFLOW_REDIS_TLS is not for LEARNFLOW_DRIVERS dapr'],
])('half of what a secured engine needs is a mistake: %o', (env, mistake) => {
  expect(mistakes({}, env, '/')).toContain(mistake)
})

test('files of secrets are paths from the folder of the settings', () => {
  const given = { LEARNFLOW_REDIS_PASSWORD_FILE: 'redis', LEARNFLOW_JWT_SECRET_FILE: 'jwt' }
  expect(readConfig({}, given, '/run')).toMatchObject({
    LEARNFLOW_REDIS_PASSWORD_FILE: '/run/redis',
    LEARNFLOW_JWT_SECRET_FILE: '/run/jwt',
  })
})

test('a folder that is named is used also when it is the default and `up` has started another one', async () => {
  const base = await mkdtemp(join(tmpdir(), 'learnflow-named-'))
  onTestFinished(async () => rm(base, { recursive: true }))
  const [own, other, project] = [join(base, 'learnflow'), join(base, 'other'), join(base, 'project')]
  for (const folder of [other, project]) await mkdir(folder)
  const env = { XDG_DATA_HOME: base, XDG_STATE_HOME: join(base, 'state') }
  await writeFile(join(other, 'platform.json'), '{}')
  noteUp(other, 'embedded', env)
  expect(findConfig({}, env, base).LEARNFLOW_DATA_DIR).toBe(other)
  expect(findConfig({ LEARNFLOW_DATA_DIR: own }, env, base).LEARNFLOW_DATA_DIR).toBe(own)
  const named = { ...env, LEARNFLOW_DATA_DIR: own }
  for (const find of [findConfig, rightConfig]) expect(find({}, named, base).LEARNFLOW_DATA_DIR).toBe(own)
  await writeFile(join(project, 'learnflow.yaml'), 'data_dir: ../learnflow\n')
  for (const find of [findConfig, rightConfig]) expect(find({}, env, project).LEARNFLOW_DATA_DIR).toBe(own)
  await rm(join(other, 'platform.json'))
  expect(findConfig({}, env, base).LEARNFLOW_DATA_DIR).toBe(own)
})
