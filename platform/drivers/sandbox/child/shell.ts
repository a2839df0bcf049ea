/**
 * Runs once, before the snapshot is taken: a command is one that this machine does not have, as in a shell that answers
 * 127, and nothing is run; there is no browser either, so that opening an address gives False.
 */
export const noCommands = `
def install():
    import errno, io, os, posix, subprocess, webbrowser

    def system(command):
        os.fsencode(command)
        return 127 << 8

    class Answer(io.StringIO):
        def close(self):
            super().close()
            return 127 << 8

    def popen(cmd, mode="r", buffering=-1):
        if not isinstance(cmd, str):
            raise TypeError("invalid cmd type (%s, expected string)" % type(cmd))
        if mode not in ("r", "w"):
            raise ValueError("invalid mode %r" % mode)
        return Answer()

    def handles(self, *wanted):
        ways = os.O_WRONLY, os.O_RDONLY, os.O_RDONLY
        ends = [os.open(os.devnull, way) if one == subprocess.PIPE else -1 for one, way in zip(wanted, ways)]
        return -1, ends[0], ends[1], -1, ends[2], -1

    def execute(self, args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell, *rest):
        if not shell:
            name = executable or (args if isinstance(args, (str, bytes, os.PathLike)) else [*args][0])
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fsdecode(name))
        self.pid, self.returncode, self._child_created = 2, 127, True

    def browse(url, new=0, autoraise=True):
        return False

    webbrowser.open = browse
    webbrowser.GenericBrowser.open = lambda self, url, new=0, autoraise=True: False
    os.system = posix.system = system
    os.popen = popen
    subprocess._can_fork_exec = True
    subprocess.Popen._get_handles, subprocess.Popen._execute_child = handles, execute
    for made in (system, popen, handles, execute, Answer):
        made.__module__ = "os"
    browse.__module__, browse.__name__, browse.__qualname__ = "webbrowser", "open", "open"

install()
del install
`
