export { answerBinding, capMemory } from '../../../platform/drivers/sandbox/child/harden.ts'

/** Leaves the host's functions where they are. */
export function hardenHost(): void {}
