#: os.system; ends: ok; prints: 32512
import os
print(os.system("echo PWNED > @CANARY@"))
#: posix.system kept elsewhere; ends: raised/ok
import posix, _imp, importlib.machinery, importlib.util
spec = importlib.machinery.ModuleSpec("posix", importlib.machinery.BuiltinImporter, origin="built-in")
fresh = importlib.util.module_from_spec(spec)
try:
    spec.loader.exec_module(fresh)
except ImportError:
    pass
fresh.system("echo PWNED > @CANARY@")
#: subprocess; ends: raised; type: OSError
import subprocess
subprocess.run(["touch", "@CANARY@"])
#: subprocess through a shell; ends: ok; prints: (127, '')
import subprocess
print(subprocess.getstatusoutput("echo PWNED > @CANARY@"))
#: fork; ends: raised
import os
os.fork()
print("PWNED")
#: exec; ends: raised
import os
os.execv("/bin/sh", ["sh", "-c", "echo PWNED > @CANARY@"])
#: popen; ends: ok; prints: ''
import os
print(repr(os.popen("echo PWNED > @CANARY@").read()))
#: _posixsubprocess; ends: raised
import _posixsubprocess
_posixsubprocess.fork_exec([b"sh"], [b"/bin/sh"], True, (), None, None, -1, -1, -1, -1, -1, -1, -1, -1, False, False, -1, None, None, None, -1, None)
print("PWNED")
#: kill of the parent; ends: raised/ok
import os, signal
try:
    os.kill(os.getppid(), signal.SIGKILL)
except OSError:
    pass
#: kill of itself; ends: raised/ok
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
#: raise_signal; ends: raised/ok
import signal
signal.raise_signal(signal.SIGTERM)
#: raise SIGKILL; ends: raised/ok
import signal
signal.raise_signal(signal.SIGKILL)
#: alarm; ends: raised/ok/timed_out
import signal, time
signal.signal(signal.SIGALRM, lambda *args: print("PWNED"))
signal.alarm(1)
#: interval timer; ends: raised/ok
import signal
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
#: os._exit; ends: ok
import os
print("before", flush=True)
os._exit(0)
#: os.abort; ends: raised
import os
os.abort()
#: faulthandler segmentation fault; ends: raised/timed_out
import faulthandler
faulthandler._sigsegv()
#: exit in an atexit handler; ends: ok/raised
import atexit, os
atexit.register(os._exit, 0)
#: threads; ends: raised; type: RuntimeError
import threading
threading.Thread(target=print, args=("PWNED",)).start()
#: raw thread; ends: raised; type: RuntimeError
import _thread
_thread.start_new_thread(print, ("PWNED",))
#: process pool; ends: raised
import concurrent.futures
with concurrent.futures.ProcessPoolExecutor(1) as pool:
    print("PWNED", pool.submit(abs, -1).result())
#: subinterpreters; ends: raised/ok
import _interpreters
made = _interpreters.create()
_interpreters.exec(made, "import os; os.system('echo PWNED > @CANARY@')")
#: bad bytecode; ends: raised/ok/timed_out
def f(): pass
f.__code__ = f.__code__.replace(co_code=b"\x64\xff\x64\xff\x53\x00" * 5, co_consts=())
f()
#: umask of the host; ends: raised/ok
import os
os.umask(0)
#: pty and terminal; ends: raised
import pty
pty.spawn("/bin/sh")
