import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const exclude = ['node_modules', 'dist', '.cache']
/** A failure says the whole of what it found in its first line. */
const chaiConfig = { truncateThreshold: 0 }
/** A test that hangs ends; one on a busy machine is only slow. */
const shared = {
  pool: 'forks',
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
  chaiConfig,
} as const
/** Takes minutes, so that it begins first: at the end one worker would wait for it. */
const longest = 'residents.slow.test.ts'
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(longest)
    // oxlint-disable-next-line unicorn/no-array-sort -- the method of a sequencer has this name
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => Number(isLongest(other)) - Number(isLongest(one)))
  }
}
const onEngines = '**/*.local.test.ts'
const onCluster = '**/*.cluster.test.ts'
const slow = '**/*.slow.test.ts'

/**
 * `unit` is what `npm test` runs and needs nothing, no more than `slow`, which takes minutes; `local` runs on real
 * engines that it starts itself, and skips with the reason where they are not installed; `cluster` on a Kubernetes API
 * server that it starts in the same way.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          // A test file ends before V8's second compiler has paid for itself: it took two fifths of the time of a file
          // with a database.
          execArgv: ['--liftoff-only'],
          // Files share their process, its modules and databases; a test leaves nothing behind that another would
          // notice.
          isolate: false,
          include: ['**/*.test.ts'],
          exclude: [...exclude, onEngines, onCluster, slow],
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'slow', include: [slow], exclude, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...shared,
          name: 'local',
          include: [onEngines],
          exclude,
          globalSetup: ['platform/engines/test-setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...shared,
          name: 'cluster',
          include: [onCluster],
          exclude,
          globalSetup: ['platform/engines/cluster-setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
