import { expect, test, vi } from 'vitest'
import { ownSettings, throwawayConfig } from './test-platform.ts'

test('a throwaway platform takes neither tokens nor a model from the settings of this machine', () => {
  vi.stubEnv('LEARNFLOW_JWT_JWKS_URL', 'https://school.example/jwks')
  vi.stubEnv('LEARNFLOW_JWT_ROLE_MAP', 'professor=teacher')
  vi.stubEnv('LEARNFLOW_TOKEN_FILE', '/tmp/token')
  vi.stubEnv('LEARNFLOW_MODEL_URL', 'https://models.example/v1')
  vi.stubEnv('LEARNFLOW_MODEL_NAME', 'tiny')
  vi.stubEnv('LEARNFLOW_LOG_LEVEL', 'error')
  try {
    const config = throwawayConfig()
    expect(config.LEARNFLOW_JWT_JWKS_URL ?? config.LEARNFLOW_TOKEN_FILE ?? config.LEARNFLOW_MODEL_URL).toBeUndefined()
    expect(config.LEARNFLOW_JWT_ROLE_MAP).toBeUndefined()
    expect(config.LEARNFLOW_LOG_LEVEL).toBe('error')
    expect(Object.keys(ownSettings)).toContain('LEARNFLOW_JWT_PUBLIC_KEY')
  } finally {
    vi.unstubAllEnvs()
  }
})
