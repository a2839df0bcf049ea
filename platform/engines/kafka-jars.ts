import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { PlatformError } from '../errors.ts'

export const kafkaVersion = '4.3.1'

const copyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
const logging = 'org.apache.logging.log4j:log4j-slf4j-impl:2.25.4'
const broker = [`org.apache.kafka:kafka_2.13:${kafkaVersion}`, logging]
/** The libraries behind the shell scripts of Kafka's distribution, such as kafka-topics.sh. */
export const kafkaTools = [`org.apache.kafka:kafka-tools:${kafkaVersion}`, logging]

/** Names an artifact in Maven's XML. */
const coordinates = (group = '', artifact = '', version = ''): string =>
  `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`

const pomOf = (dependencies: readonly string[]): string => `<project>
<modelVersion>4.0.0</modelVersion>${coordinates('learnflow', 'kafka', '1')}
<dependencies>
${dependencies.map(one => `<dependency>${coordinates(...one.split(':'))}</dependency>`).join('\n')}
</dependencies>
</project>
`

/**
 * Fetches Kafka and its dependencies with Maven into `folder`, which appears completely or not at all. @throws
 * NOT_RUNNING without mvn; DEPENDENCY_DOWN when it fails.
 */
export async function fetchKafka(
  folder: string,
  mvn: string | undefined,
  dependencies: readonly string[] = broker,
): Promise<void> {
  if (mvn === undefined)
    throw new PlatformError('NOT_RUNNING', 'Maven is not installed', { hint: 'apt-get install -y maven' })
  await mkdir(dirname(folder), { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    await writeFile(join(work, 'pom.xml'), pomOf(dependencies))
    await execa(mvn, ['-B', '-q', copyPlugin, '-DoutputDirectory=libs', '-DincludeScope=runtime'], {
      cwd: work,
      all: true,
    })
    await rename(join(work, 'libs'), folder)
  } catch (cause) {
    throw new PlatformError(
      'DEPENDENCY_DOWN',
      `Maven could not fetch Kafka: ${(cause as { all?: string }).all?.slice(0, 500) ?? String(cause)}`,
      {
        hint: 'Check the network and ~/.m2/settings.xml, then repeat.',
        cause,
      },
    )
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
