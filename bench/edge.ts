import { createSigner } from 'fast-jwt'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Config, readConfig } from '../platform/config.ts'
import { tokenVerifier } from '../platform/tokens.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from '../verify/test-platform.ts'
import { type Bench, quantile } from './bench.ts'
import { generate, highestSustained } from './generate.ts'
import type { GeneratorJob } from './jobs.ts'
import { processorMs } from './memory.ts'
import type { LoadResult } from './open-loop.ts'

/** Tokens that are verified once each, so that none is remembered. */
const tokens = 1_000
/** What the check of a token may cost, in ms. */
const limitMs = 0.1
/** Requests a second to begin with; 1,000 students at their limit send 1,667. */
const first = 500

/**
 * What stands before the routes: the check of a token, by itself in this process, and the requests a second of 1,000
 * students that an embedded platform answers with the limit on, while the load is made beside it.
 */
export const edge: Bench = {
  about: 'the check of a token, and the requests of 1,000 students a second with the limit of requests on',
  async run(progress, quick) {
    const times = await tokenTimes()
    progress(`a token is checked, in ms: ${JSON.stringify(times)}`)
    await using place = await temporaryFolder()
    const own = throwawayConfig()
    await using platform = await startTestPlatform({
      folder: place.path,
      settings: { LEARNFLOW_REQUESTS_PER_MINUTE: String(own.LEARNFLOW_REQUESTS_PER_MINUTE) },
    })
    const costs = new Map<number, number>()
    const load = async (pace: GeneratorJob['pace']): Promise<LoadResult> => {
      const before = await processorMs(platform.pid)
      const result = await generate({ does: 'look', pace }, place.path)
      const sent = (pace.warm_seconds + pace.seconds) * pace.per_second
      costs.set(pace.per_second, ((await processorMs(platform.pid)) - before) / sent)
      return result
    }
    const best = quick
      ? await load({ per_second: 100, seconds: 2, warm_seconds: 1 })
      : await highestSustained(first, load, progress)
    const figures = {
      ...times,
      sustained_per_second: best?.pace.per_second ?? 0,
      p50_ms: best?.over.p50_ms ?? Number.NaN,
      p99_ms: best?.over.p99_ms ?? Number.NaN,
      failed: best?.failed ?? 0,
      processor_ms_per_request: Math.round((costs.get(best?.pace.per_second ?? 0) ?? Number.NaN) * 1_000) / 1_000,
    }
    const cheap = Math.max(...Object.values(times)) <= limitMs
    return { figures, ok: cheap && best !== undefined && best.failed === 0 }
  },
}

/** The median time to check a token that was not seen before, by each way of knowing its key, in ms. */
async function tokenTimes(): Promise<Record<string, number>> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const secret = 'a secret of the benchmark, long enough'
  const key = { ...createPublicKey(publicKey).export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }
  const server = createServer((_request, answer) => answer.end(JSON.stringify({ keys: [key] }))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const bySecret = createSigner({ key: secret, algorithm: 'HS256' })
  const byKey = createSigner({ key: privateKey, algorithm: 'RS256', kid: 'one' })
  try {
    return {
      secret_p50_ms: await medianOf(verifierOf({}, secret), bySecret),
      public_key_p50_ms: await medianOf(verifierOf({ LEARNFLOW_JWT_PUBLIC_KEY: publicKey }, secret), byKey),
      key_set_p50_ms: await medianOf(verifierOf({ LEARNFLOW_JWT_JWKS_URL: jwks }, secret), byKey),
    }
  } finally {
    server.close()
  }
}

const verifierOf = (flags: Partial<Config>, secret: string) =>
  tokenVerifier(readConfig(flags, {}, '/'), secret, 'learnflow')

/** Tokens differ in nothing but the student; the first thousand warm up. */
async function medianOf(
  verify: ReturnType<typeof tokenVerifier>,
  sign: (claims: Record<string, unknown>) => string,
): Promise<number> {
  const exp = Math.floor(Date.now() / 1_000) + 600
  const claims = { role: 'student', iss: 'learnflow', aud: 'learnflow', exp }
  const times: number[] = []
  for (const token of Array.from({ length: 2 * tokens }, (_, at) => sign({ sub: `student-${at}`, ...claims }))) {
    const start = performance.now()
    await verify(token)
    times.push(performance.now() - start)
  }
  return Math.round(quantile(times.slice(tokens), 0.5) * 10_000) / 10_000
}
