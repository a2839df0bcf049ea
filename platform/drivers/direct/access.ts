import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { KafkaConfig } from 'kafkajs'
import type { Config } from '../../config.ts'
import type { engineFiles } from '../../engine-settings.ts'
import { PlatformError } from '../../errors.ts'

/** How clients of Kafka show who they are, and whom they trust; empty for plain connections. */
export type KafkaSecurity = Pick<KafkaConfig, 'ssl' | 'sasl'>

/** The same for Redis. */
export interface RedisSecurity {
  username?: string
  password?: string
  tls?: ConnectionOptions
}

/** The text of the file of this setting. @throws INVALID_INPUT naming the setting */
function textOf(config: Config, name: (typeof engineFiles)[number]): string | undefined {
  const file = config[name]
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException
    throw new PlatformError('INVALID_INPUT', `${name} names ${file}, which cannot be read (${code})`, {
      hint: 'Correct the path or the permissions of the file.',
      cause,
    })
  }
}

const given = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, string>>

/** @throws INVALID_INPUT when a file of the settings cannot be read */
export function kafkaSecurity(config: Config): KafkaSecurity {
  const { LEARNFLOW_KAFKA_TLS: tls, LEARNFLOW_KAFKA_SASL: mechanism, LEARNFLOW_KAFKA_USER: username = '' } = config
  const password = textOf(config, 'LEARNFLOW_KAFKA_PASSWORD_FILE') ?? ''
  const ssl = {
    ...given('ca', textOf(config, 'LEARNFLOW_KAFKA_CA_FILE')),
    ...given('cert', textOf(config, 'LEARNFLOW_KAFKA_CERT_FILE')),
    ...given('key', textOf(config, 'LEARNFLOW_KAFKA_KEY_FILE')),
  }
  return {
    ...(tls === 'on' ? { ssl } : {}),
    ...(mechanism === undefined ? {} : { sasl: { mechanism, username, password } as KafkaConfig['sasl'] & object }),
  }
}

/** @throws INVALID_INPUT when a file of the settings cannot be read */
export function redisSecurity(config: Config): RedisSecurity {
  const { LEARNFLOW_REDIS_TLS: tls, LEARNFLOW_REDIS_USER: username } = config
  return {
    ...given('username', username),
    ...given('password', textOf(config, 'LEARNFLOW_REDIS_PASSWORD_FILE')),
    ...(tls === 'on' ? { tls: given('ca', textOf(config, 'LEARNFLOW_REDIS_CA_FILE')) } : {}),
  }
}
