import net from 'node:net'

// Above the users of a system and apart for each process, so that interpreters may not signal or trace each other either.
const firstUid = 61_184
const uids = 4_096

/** What is beneath the interpreter, and the last step, once everything is loaded. */
export interface Rights {
  /** Gives up root where we have it: after it nothing can be read that only root may read, this program's own files among it. @returns the layers that were tried and hold */
  giveUp(): string[]
}

/** Looks at what holds already. To be called before the host is hardened. */
export async function rights(): Promise<Rights> {
  const layers = ['wasm']
  // `process.permission` exists only under --permission.
  if (process.permission !== undefined) layers.push('permission')
  if (await noNetwork()) layers.push('namespace')
  const drop = rootDropper()
  return { giveUp: () => (drop() ? [...layers, 'uid'] : layers) }
}

/** In a network namespace of its own not even the loopback is up; on any other host the answer is a refusal or a connection. */
async function noNetwork(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect({ host: '127.0.0.1', port: 9 })
    socket.once('connect', () => (socket.destroy(), resolve(false)))
    socket.once('error', error => resolve('code' in error && error.code === 'ENETUNREACH'))
  })
}

/** Holds the functions that hardening takes from the process. */
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
      // A container may lack the right or the mapping: then there is no such layer.
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
