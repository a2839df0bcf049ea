import { type Clock, programClock } from './clock.ts'
import { type Import, wasm } from './module.ts'
import { Stop } from './stop.ts'

// The imports that a running CPython needs: files (in memory), clocks, random numbers, memory, its own calls.
const allowed = new Set(
  `_Py_emscripten_runtime _PyEM_TrampolineCall_JS __call_sighandler emscripten_date_now emscripten_get_now emscripten_get_heap_max emscripten_resize_heap
  _tzset_js _timegm_js _mktime_js _localtime_js _gmtime_js _emscripten_get_progname _munmap_js _msync_js _mmap_js
  _try_fcntl64 _maybe_poll_async _maybe_connect_async _maybe_recvfrom_async _maybe_sendto_async _try_shutdown
  __syscall_ioctl __syscall_fcntl64 __syscall_openat __syscall_faccessat __syscall_chdir __syscall_chmod __syscall_fchownat __syscall_dup __syscall_dup3
  __syscall_fchdir __syscall_fchmod __syscall_fchmodat2 __syscall_fchown32 __syscall_fdatasync __syscall_fstat64 __syscall_stat64 __syscall_newfstatat
  __syscall_lstat64 __syscall_ftruncate64 __syscall_getcwd __syscall_getdents64 __syscall_mkdirat __syscall_pipe __syscall_poll __syscall_fadvise64
  __syscall_fallocate __syscall_readlinkat __syscall_unlinkat __syscall_rmdir __syscall_renameat __syscall_statfs64 __syscall_fstatfs64
  __syscall_truncate64 __syscall_utimensat
  environ_sizes_get environ_get fd_close fd_read fd_write clock_res_get clock_time_get fd_sync random_get fd_fdstat_get fd_seek fd_pread fd_pwrite`.split(
    /\s+/,
  ),
)
const keepsState = /^(__syscall_|fd_|_mmap_js$|_msync_js$|_munmap_js$|emscripten_resize_heap$)/
// EPERM in the WASI numbering that Emscripten uses, and getaddrinfo's EAI_FAIL.
const notPermitted = -63
const invalid = 28
const noName = -4

const exit = (code: unknown): never => {
  throw new Stop('exited', { code: Number(code) })
}
const abort = (): never => {
  throw new Stop('aborted')
}

/** The replacements: some raise an OSError in Python, others end the run at once. */
const instead: Record<string, Import> = {
  ...Object.fromEntries(
    `socket connect bind listen accept4 getpeername getsockname getsockopt recvfrom recvmsg sendto sendmsg symlinkat mknodat`
      .split(' ')
      .map(name => [`__syscall_${name}`, () => notPermitted] as const),
  ),
  // Files are made as it says already, and a program that sets it means no more.
  __syscall_umask_js: () => 0o022,
  _emscripten_system: () => notPermitted,
  _setitimer_js: () => notPermitted,
  getaddrinfo: () => noName,
  getnameinfo: () => noName,
  getprotobyname: () => 0,
  __syscall_getuid32_js: () => 1_000,
  proc_exit: exit,
  exit,
  _abort_js: abort,
  __assert_fail: abort,
}

/** Everything that Python can call in JavaScript. */
export interface Gate {
  /**
   * From now on only the imports in `allowed` work: JavaScript objects, sockets, processes and dynamic linking are
   * unreachable.
   */
  shut(): void
  /** Called by CPython at intervals while it runs Python code. */
  onSignals: () => void
  /**
   * System calls that began and did not end: after an exception or a stop inside one, JavaScript's part of the file
   * system may be inconsistent.
   */
  begun: number
  clock: Clock
  /** The linear memory, once it is known. */
  memory: () => ArrayBuffer
}

/**
 * Filters the imports of the WebAssembly module. They are its only way to the host, so a program that finds a forgotten
 * JavaScript proxy on the heap cannot use it. Must be set up before Pyodide is loaded.
 */
export function gateImports(): Gate {
  let open = true
  const gate: Gate = {
    shut: () => void (open = false),
    onSignals: () => {},
    begun: 0,
    clock: programClock(),
    memory: () => new ArrayBuffer(0),
  }
  const guarded = (name: string, given: Import): Import => {
    const original = gate.clock.imports[name]?.(given, () => gate.memory()) ?? given
    if (allowed.has(name)) return keepsState.test(name) ? counted(original, name) : original
    const other = instead[name] ?? (() => refuse(name))
    return (...args) => (open ? original(...args) : other(...args))
  }
  // No `finally`: a call that throws must stay counted as not ended.
  const counted =
    (original: Import, name: string): Import =>
    (...args) => {
      gate.begun += 1
      const result = orInvalid(() => original(...args), name)
      if (result !== undefined) gate.begun -= 1
      return result ?? (name.startsWith('fd_') ? invalid : -invalid)
    }
  const { instantiate } = wasm
  wasm.instantiate = async (source, imports) => {
    for (const group of ['env', 'wasi_snapshot_preview1'])
      if (imports?.[group] !== undefined) imports[group] = guardAll(imports[group], guarded)
    if (imports?.['env'] !== undefined)
      imports['env']['_Py_CheckEmscriptenSignals_Helper'] = () => (gate.onSignals(), 0)
    return instantiate(source, imports)
  }
  return gate
}

/**
 * The call's result; undefined when it fails by an exception of JavaScript, as Emscripten's do on odd arguments: then
 * the program is told that they are invalid. @throws what ends a run: a full stack or memory, or a `Stop`
 */
function orInvalid(call: () => unknown, name: string): unknown {
  try {
    return call() ?? 0
  } catch (error) {
    if (error instanceof TypeError && name !== 'emscripten_resize_heap') return undefined
    throw error
  }
}

/** Reads through Emscripten's own proxy, which creates stubs on demand. */
function guardAll(
  imports: Record<string, unknown>,
  guarded: (name: string, original: Import) => Import,
): Record<string, unknown> {
  const made = new Map<string, unknown>()
  return new Proxy(imports, {
    get(target, name) {
      const original = Reflect.get(target, name) as unknown
      if (typeof original !== 'function' || typeof name !== 'string') return original
      if (!made.has(name)) made.set(name, guarded(name, original as Import))
      return made.get(name)
    },
    set: (_target, name, value) => (made.set(String(name), value), true),
  })
}

function refuse(name: string): never {
  throw new Stop('refused', { message: `${name} is not available in the sandbox` })
}
