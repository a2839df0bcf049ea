import * as z from 'zod'

const addresses = z
  .string()
  .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, with commas between several')
const file = (what: string) => z.string().min(1).optional().describe(what)
const tls = (engine: string) =>
  z
    .enum(['off', 'on'])
    .default('off')
    .describe(`whether connections to ${engine} are encrypted and its certificate checked`)

/** The settings about the engines that the processes connect to. Secrets are given as files, never as text. */
export const engineSettings = {
  LEARNFLOW_KAFKA_BROKERS: addresses
    .default('127.0.0.1:9092,127.0.0.1:9094,127.0.0.1:9096')
    .describe('Kafka brokers, `host:port` with commas between'),
  LEARNFLOW_KAFKA_TLS: tls('Kafka'),
  LEARNFLOW_KAFKA_CA_FILE: file('the certificate authority of the Kafka brokers (PEM); by default those of Node'),
  LEARNFLOW_KAFKA_CERT_FILE: file('the client certificate for Kafka (PEM)'),
  LEARNFLOW_KAFKA_KEY_FILE: file('the private key of that certificate (PEM)'),
  LEARNFLOW_KAFKA_SASL: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('how clients log in to Kafka; by default they do not'),
  LEARNFLOW_KAFKA_USER: z.string().min(1).optional().describe('the user for that'),
  LEARNFLOW_KAFKA_PASSWORD_FILE: file('the file with the password of that user'),
  LEARNFLOW_REDIS_NODES: addresses
    .default('127.0.0.1:7001,127.0.0.1:7002,127.0.0.1:7003')
    .describe('nodes of the Redis Cluster, `host:port` with commas between'),
  LEARNFLOW_REDIS_TLS: tls('Redis'),
  LEARNFLOW_REDIS_CA_FILE: file('the certificate authority of the Redis nodes (PEM); by default those of Node'),
  LEARNFLOW_REDIS_USER: z.string().min(1).optional().describe('the user at Redis; by default its default user'),
  LEARNFLOW_REDIS_PASSWORD_FILE: file('the file with the password for Redis; by default none is sent'),
  LEARNFLOW_POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:/)
    .default('postgres://learnflow@127.0.0.1:5432/postgres')
    .describe('the PostgreSQL database of the history; `?sslmode=verify-full&sslrootcert=FILE` encrypts'),
}

/** The settings of it that are paths. */
export const engineFiles = [
  'LEARNFLOW_KAFKA_CA_FILE',
  'LEARNFLOW_KAFKA_CERT_FILE',
  'LEARNFLOW_KAFKA_KEY_FILE',
  'LEARNFLOW_KAFKA_PASSWORD_FILE',
  'LEARNFLOW_REDIS_CA_FILE',
  'LEARNFLOW_REDIS_PASSWORD_FILE',
] as const satisfies readonly (keyof typeof engineSettings)[]

/** Settings that mean nothing without another one: a name, what it needs, and for the text of the mistake why. */
const needs: readonly [name: keyof typeof engineSettings, needed: keyof typeof engineSettings, why: string][] = [
  ['LEARNFLOW_KAFKA_SASL', 'LEARNFLOW_KAFKA_USER', 'the user who logs in'],
  ['LEARNFLOW_KAFKA_SASL', 'LEARNFLOW_KAFKA_PASSWORD_FILE', 'the file with the password'],
  ['LEARNFLOW_KAFKA_USER', 'LEARNFLOW_KAFKA_SASL', 'how the user logs in'],
  ['LEARNFLOW_KAFKA_PASSWORD_FILE', 'LEARNFLOW_KAFKA_SASL', 'how the user logs in'],
  ['LEARNFLOW_KAFKA_CERT_FILE', 'LEARNFLOW_KAFKA_KEY_FILE', 'its private key'],
  ['LEARNFLOW_KAFKA_KEY_FILE', 'LEARNFLOW_KAFKA_CERT_FILE', 'its certificate'],
  ['LEARNFLOW_REDIS_USER', 'LEARNFLOW_REDIS_PASSWORD_FILE', 'the file with the password'],
]
const ofTls: readonly [name: keyof typeof engineSettings, needed: keyof typeof engineSettings][] = [
  ['LEARNFLOW_KAFKA_CA_FILE', 'LEARNFLOW_KAFKA_TLS'],
  ['LEARNFLOW_KAFKA_CERT_FILE', 'LEARNFLOW_KAFKA_TLS'],
  ['LEARNFLOW_REDIS_CA_FILE', 'LEARNFLOW_REDIS_TLS'],
]

/** The components of the sidecars do not take these yet, so that what goes through Dapr would go in the clear. */
const notByDapr = [
  'LEARNFLOW_KAFKA_TLS',
  'LEARNFLOW_KAFKA_SASL',
  'LEARNFLOW_REDIS_TLS',
  'LEARNFLOW_REDIS_PASSWORD_FILE',
]

/** What is given of these settings without what it needs, or beside what does not take it. */
export const engineMistakes = (given: Readonly<Record<string, unknown>>): string[] => [
  ...notByDapr
    .filter(name => given['LEARNFLOW_DRIVERS'] === 'dapr' && given[name] !== undefined && given[name] !== 'off')
    .map(name => `${name} is not for LEARNFLOW_DRIVERS dapr, whose components do not take it`),
  ...needs
    .filter(([name, needed]) => given[name] !== undefined && given[needed] === undefined)
    .map(([name, needed, why]) => `${name} needs ${needed}, ${why}`),
  ...ofTls
    .filter(([name, needed]) => given[name] !== undefined && given[needed] !== 'on')
    .map(([name, needed]) => `${name} needs ${needed} on`),
]
