import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../ports/sandbox.ts'
import { resident } from './hostile-programs.ts'
import type { Open } from './sandbox.ts'

export interface ResidentsSize {
  /** How many random sequences of calls are tried. */
  sequences: number
  /** The share of the functions of the modules, drawn anew in each run, that is called by name on each kind of node. */
  byName: number
  seed?: number
}

const paths =
  '/ /home . /tmp /lib /lib/python314.zip /lib/python3.14/site-packages /dev /dev/null /dev/stdin /dev/stdout /dev/stderr /dev/tty /dev/random /dev/shm/tmp /proc/self /proc/self/fd /proc/self/fd/0 file folder folder/deep __proto__ missing'
const flags = 'RDONLY WRONLY RDWR CREAT TRUNC APPEND NONBLOCK EXCL DIRECTORY CLOEXEC'

/** The beginning of a program of random calls: each may fail. `fds` and `views` are what it has opened by now. */
const setUp = `
import builtins, decimal, fcntl, gc, io, mmap, os, posix, signal, socket, sys, threading, time, warnings
fds, views = [0, 1, 2], []
def fd(n): return fds[n % len(fds)]
def view(n): return views[n % len(views)]
def attempt(work):
    try:
        return work()
    except Exception:
        pass
os.makedirs("folder/deep")
open("file", "w").write("x" * 5000)
`

const path = fc.constantFrom(...paths.split(' ')).map(one => JSON.stringify(one))
const number = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 7, 100, 65_536, 2 ** 31 - 1), fc.nat(2 ** 24))
const fd = fc.nat(12).map(one => `fd(${one})`)
const mode = fc.constantFrom(0, 0o111, 0o222, 0o444, 0o666, 0o777, 0o7777)
const flag = fc
  .subarray(flags.split(' '))
  .map(some => ['0', ...some.map(one => `getattr(os, "O_${one}", 0)`)].join(' | '))
const view = fc.nat(3).map(one => `view(${one})`)
const way = fc.oneof(path, fd)

/** Each place `@name@` of a template is drawn from the arbitrary of that name. */
const drawn: Record<string, fc.Arbitrary<string | number>> = { path, number, fd, mode, flag, view, way }
const templates = `
fds.append(os.open(@path@, @flag@, @mode@))
fds.append(os.open(@path@, os.O_RDWR | os.O_CREAT))
fds.append(os.open(@path@, @flag@, dir_fd=@fd@))
fds.append(os.open(@path@, os.O_RDONLY))
fds.append(os.dup(@fd@))
fds.append(fcntl.fcntl(@fd@, fcntl.F_DUPFD, @number@))
fds.extend(os.pipe())
os.dup2(@fd@, @fd@)
os.dup2(@fd@, @number@)
os.close(@fd@)
os.closerange(@number@, @number@)
fcntl.fcntl(@fd@, fcntl.F_SETFL, @flag@)
fcntl.fcntl(@fd@, @number@, @number@)
fcntl.ioctl(@fd@, @number@, bytes(64))
fcntl.flock(@fd@, @number@)
os.read(@fd@, @number@ % 100_000)
os.write(@fd@, b"y" * (@number@ % 20_000))
os.pwrite(@fd@, b"PWNED", @number@)
os.pread(@fd@, 9, @number@)
os.writev(@fd@, [b"a", b"b"])
os.lseek(@fd@, @number@, @number@ % 5)
os.ftruncate(@fd@, @number@)
os.truncate(@way@, @number@)
os.posix_fallocate(@fd@, @number@, @number@)
os.fsync(@fd@)
os.fchmod(@fd@, @mode@)
os.fchown(@fd@, 1, 1)
os.chmod(@way@, @mode@)
os.chmod(@path@, @mode@, dir_fd=@fd@)
os.chown(@way@, 1, 1)
os.lchown(@path@, 1, 1)
os.utime(@way@, (@number@, @number@))
os.utime(@path@, None, dir_fd=@fd@)
os.chdir(@way@)
os.fchdir(@fd@)
os.mkdir(@path@, @mode@)
os.mkdir(@path@, dir_fd=@fd@)
os.makedirs(@path@ + "/a/b/c")
os.rmdir(@path@)
os.unlink(@path@)
os.unlink(@path@, dir_fd=@fd@)
os.rename(@path@, @path@)
os.rename(@path@, @path@, src_dir_fd=@fd@, dst_dir_fd=@fd@)
os.replace(@path@, @path@)
os.symlink(@path@, @path@)
os.link(@path@, @path@)
os.mkfifo(@path@)
os.mknod(@path@, @mode@)
os.listdir(@way@)
os.scandir(@way@)
os.umask(@mode@)
os.putenv("A", "b")
os.set_blocking(@fd@, False)
os.set_inheritable(@fd@, True)
os.get_terminal_size(@fd@)
os.ttyname(@fd@)
os.readlink(@path@)
views.append(mmap.mmap(@fd@, @number@ % 200_000, offset=65536 * (@number@ % 3000)))
views.append(mmap.mmap(@fd@, @number@ % 200_000, access=@number@ % 4))
views.append(mmap.mmap(-1, 65536))
@view@.__setitem__(slice(0, 5), b"PWNED")
@view@.flush()
@view@.close()
@view@.resize(@number@ % 200_000)
io.FileIO(@way@, "r+").write(b"z")
open(@way@, "ab").write(b"z")
open(@path@, "w").close()
sys.stdin.read(3)
sys.stdin.close()
sys.stdout.close()
setattr(sys, "stdout", None)
time.tzset()
gc.disable()
sys.setrecursionlimit(50)
sys.path.clear()
sys.modules.clear()
vars(builtins).clear()
warnings.simplefilter("error")
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.alarm(1)
socket.socket()
socket.gethostbyname_ex("a.example")
threading.Thread(target=print).start()
decimal.getcontext().__setattr__("prec", 1)
`
  .trim()
  .split('\n')

const call: fc.Arbitrary<string> = fc.constantFrom(...templates).chain(template => {
  const parts = template.split('@')
  return fc
    .tuple(...parts.map((part, at) => (at % 2 === 0 ? fc.constant(part) : drawn[part]!)))
    .map(some => `attempt(lambda: ${some.join('')})`)
})
const sequence = fc.array(call, { minLength: 1, maxLength: 25 }).map(calls => `${setUp}${calls.join('\n')}\n`)

/** For a busy machine, on which each of the processes that a program costs takes seconds to start. */
const timeout = 10_800_000

/** Calls one function of a module on each kind of node, by path and by descriptor, with arguments of many shapes. */
const callByName = (owner: string, name: string): string => `${setUp}
for path in ${JSON.stringify(paths)}.split():
    for fd in (attempt(lambda: os.open(path, os.O_RDONLY)), attempt(lambda: os.open(path, os.O_RDWR))):
        owner = attempt(lambda: ${owner})
        for first in ((path,), (fd,), (), (path, path), (fd, fd)):
            for rest in ((), (0,), (1,), (0o777,), (b"PWNED",), ((1, 1),), (0, 0), (1, 1), (4, os.O_RDWR), (bytearray(9),), ("folder/deep",), (0, 9, b"PWNED")):
                attempt(lambda: getattr(owner, ${JSON.stringify(name)})(*first, *rest))
`
const owners = {
  os: 'os',
  posix: 'posix',
  fcntl: 'fcntl',
  mmap: 'mmap',
  io: 'io',
  'mmap.mmap': 'mmap.mmap(fd, 4096)',
  'io.FileIO': 'io.FileIO(fd, "r+")',
  'io.BufferedRandom': 'io.BufferedRandom(io.FileIO(fd, "r+"))',
  'io.TextIOWrapper': 'open(fd, "r+", closefd=False)',
}

/**
 * Two residents of one process, one after the other: whatever the first one calls, the second one's output is what it
 * prints in a process that nobody was in.
 */
export function residentsContract(driver: string, open: Open, { sequences, byName, seed }: ResidentsSize): void {
  describe(`${driver}: two residents`, () => {
    let sandbox: Sandbox
    let alone = ''
    const told = async (from: Sandbox): Promise<string> =>
      JSON.stringify(await from.run({ code: resident, seconds: 20 }))
    const shown = (text: string): string => text.replaceAll(/"(?:duration_ms|peak_megabytes)":[^,}]*,?/g, '')
    beforeAll(async () => {
      await using untouched = await open({ processes: 1 })
      alone = shown(await told(untouched))
      expect(alone).toContain('"ended":"ok"')
      sandbox = await open({ processes: 1 })
    })
    afterAll(async () => sandbox[Symbol.asyncDispose]())
    /** Runs both, and goes on in a new process where the second one was told something else. */
    const after = async (code: string): Promise<string> => {
      await sandbox.run({ code, seconds: 2 })
      const second = shown(await told(sandbox))
      if (second !== alone) {
        await sandbox[Symbol.asyncDispose]()
        sandbox = await open({ processes: 1 })
      }
      return second
    }

    test(`${sequences} sequences of calls change nothing for the next program`, { timeout }, async () => {
      const property = fc.asyncProperty(sequence, async code => {
        expect(await after(code)).toBe(alone)
      })
      await fc.assert(property, { numRuns: sequences, ...(seed === undefined ? {} : { seed }) })
    })

    test.runIf(byName > 0)('no function changes anything for the next program, by name', { timeout }, async () => {
      const failures: string[] = []
      let tried = 0
      for (const [type, owner] of Object.entries(owners)) {
        const { stdout } = await sandbox.run({
          code: `import fcntl, io, mmap, os, posix\nprint(*[name for name in dir(${type}) if callable(getattr(${type}, name)) and (${type} is not posix or getattr(os, name, None) is not getattr(posix, name))])`,
        })
        const names = stdout.trim().split(' ')
        expect(names.join('').length).toBeGreaterThan(0)
        for (const name of names.filter(() => Math.random() < byName)) {
          tried += 1
          if ((await after(callByName(owner, name))) !== alone) failures.push(`${type}.${name}`)
        }
      }
      expect(failures).toEqual([])
      expect(tried).toBeGreaterThan(20)
    })
  })
}
