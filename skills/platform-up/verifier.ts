import { PlatformError } from '../../platform/errors.ts'
import { pollUntil } from '../../platform/targets/running.ts'
import { hasProvider } from '../../platform/tokens.ts'
import type { TargetContext, Verifier } from '../../platform/targets/target.ts'
import { openProbe } from '../../verify/check.ts'
import { verify } from '../../verify/run.ts'
import { operateHere } from '../registry.ts'

const rightProgram = 'def square(n):\n    return n * n\n'

/** What a target uses to prove that a platform which has just been started works, as a student would see it. */
export function verifierFor({ config, progress, signal }: TargetContext, waitSeconds: number): Verifier {
  const waitMs = waitSeconds * 1_000
  return {
    async firstGrade(withMastery) {
      // The checks that follow say what cannot be proven without own tokens.
      if (hasProvider(config)) return
      const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
      const student = probe.newStudent()
      const client = probe.client({ student })
      const { status } = await client.ended((await client.submit('square', rightProgram, 'first')).request_id, waitMs)
      if (status !== 'done') throw failed(`a first program is ${status} after ${waitSeconds} s`)
      const operator = probe.operator()
      const moved = async (): Promise<boolean> =>
        (await operator.mastery(student)).modules.some(({ mastery }) => mastery > 0)
      if (withMastery && !(await pollUntil(moved, waitMs, signal)))
        throw failed(`a first grade has not moved mastery after ${waitSeconds} s`)
    },
    async checks(names) {
      const { total, lines } = await verify(config, names, progress, operateHere(config))
      const broken = lines.filter(line => line.startsWith('FAIL'))
      if (broken.length > 0) throw failed([total, ...broken].join('\n'))
      // A machine that has just started many processes may be slow: late but right results are only reported.
      return [total, ...lines.filter(line => line.startsWith('LATE'))].join('; ')
    },
  }
}

const failed = (what: string): PlatformError =>
  new PlatformError('CHECK_FAILED', what, { hint: 'learnflow status; learnflow logs --level warn' })
