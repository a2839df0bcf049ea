import net from 'node:net'

// Above a system's normal user ids and different for each process, so that interpreters cannot signal or trace each
// other.
const firstUid = 61_184
const uids = 4_096

/** The isolation layers below the interpreter, and the last step, once everything is loaded. */
export interface Rights {
  /**
   * Drops root where we have it: afterwards files that only root may read are unreadable, including this program's own.
   * @returns the layers that were tried and hold
   */
  giveUp(): string[]
}

/** Detects the layers that already hold. Must be called before the host is hardened. */
export async function rights(): Promise<Rights> {
  const layers = ['wasm']
  // `process.permission` exists only under --permission.
  if (process.permission !== undefined) layers.push('permission')
  if (await noNetwork()) layers.push('namespace')
  const drop = rootDropper()
  return { giveUp: () => (drop() ? [...layers, 'uid'] : layers) }
}

/**
 * In an own network namespace even the loopback interface is down; on any other host the result is a refusal or a
 * connection.
 */
async function noNetwork(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect({ host: '127.0.0.1', port: 9 })
    socket.once('connect', () => (socket.destroy(), resolve(false)))
    socket.once('error', error => resolve('code' in error && error.code === 'ENETUNREACH'))
  })
}

/** Keeps references to the functions that hardening removes from the process. */
function rootDropper(): () => boolean {
  const { setgroups, setgid, setuid, getuid, pid } = process
  const id = firstUid + (pid % uids)
  return () => {
    if (getuid?.() !== 0) return false
    try {
      setgroups?.([])
      setgid?.(id)
      setuid?.(id)
    } catch {
      // A container may lack the right or the user mapping; then this layer is missing.
      return false
    }
    try {
      setuid?.(0)
      return false
    } catch {
      return true
    }
  }
}
