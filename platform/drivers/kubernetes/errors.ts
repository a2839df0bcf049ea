import { PlatformError } from '../../errors.ts'

/** The failure that the API server answers with (`meta/v1.Status`). */
interface Status {
  message?: string
  reason?: string
  details?: { name?: string; kind?: string; causes?: { reason?: string; message?: string; field?: string }[] }
}

const maxConflicts = 3

/** The answer of the API server as one of our failures. */
export function statusError(code: number, status: Status): PlatformError {
  const { message = `status ${code}`, reason = '' } = status
  const owners = (status.details?.causes ?? []).filter(cause => cause.reason === 'FieldManagerConflict')
  if (owners.length > 0) return ownedByOthers(status, owners)
  if (code === 404) return new PlatformError('NOT_FOUND', message, { hint: 'Make it first, or correct its name.' })
  if (code === 401)
    return new PlatformError('UNAUTHENTICATED', `the API server does not know us: ${message}`, {
      hint: 'Sign in again; the user of the context in the kubeconfig is not valid.',
    })
  // Admission (quota, Pod Security, policies) answers 403 as well, and so do roles, whose text has these words.
  if (code === 403 && / cannot \w+ resource /.test(message))
    return new PlatformError('FORBIDDEN', message, { hint: 'Take a context whose user has this right.' })
  if (code === 409 && reason === 'Conflict')
    return new PlatformError('CONFLICT', message, { hint: 'It was changed meanwhile: try again.' })
  // A field that there is not, or a value of another type, makes the typed object of an apply impossible: a 500.
  const isUntyped = message.startsWith('failed to create typed patch object')
  if (code === 429 || (code >= 500 && !isUntyped))
    return new PlatformError('DEPENDENCY_DOWN', `the API server answered ${code}: ${message}`, { hint: 'Try again.' })
  return new PlatformError('INVALID_INPUT', `the API server refuses it: ${message}`, {
    hint: 'Correct the manifest; learnflow manifests check finds much of it without a cluster.',
  })
}

function ownedByOthers({ details }: Status, owners: readonly { message?: string; field?: string }[]): PlatformError {
  const named = owners.slice(0, maxConflicts).map(({ message = '', field = '' }) => {
    const owner = /conflict with "([^"]+)"/.exec(message)?.[1] ?? message
    return `${field} is set by ${owner}`
  })
  const more = owners.length > maxConflicts ? [`and ${owners.length - maxConflicts} more`] : []
  return new PlatformError('CONFLICT', `${details?.name ?? 'the object'}: ${[...named, ...more].join(', ')}`, {
    hint: 'Leave the object to that manager, or take the field out of what it applies; nothing is forced.',
  })
}
