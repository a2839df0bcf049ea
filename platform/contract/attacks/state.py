#: builtins changed; ends: ok
import builtins
builtins.len = lambda x: 42
builtins.print = lambda *args: None
builtins.PWNED = True
#: builtins emptied; ends: ok/raised
import builtins
vars(builtins).clear()
#: a module replaced; ends: ok
import sys, types
sys.modules["json"] = types.ModuleType("json")
sys.modules["math"] = None
#: json, open and random patched; ends: ok
import json, random, builtins
json.dumps = lambda *args, **kwargs: "PWNED"
random.random = lambda: 4
builtins.open = None
#: every module's functions patched; ends: ok/raised
import sys
for module in list(sys.modules.values()):
    for name in list(getattr(module, "__dict__", {})):
        if name not in ("sys",) and callable(module.__dict__[name]):
            try:
                module.__dict__[name] = None
            except TypeError:
                pass
#: files left behind; ends: ok
open("/tmp/left.txt", "w").write("x")
open("left.txt", "w").write("x")
#: a module left behind; ends: ok
open("json.py", "w").write("print('PWNED')")
open("/tmp/random.py", "w").write("print('PWNED')")
import sys
sys.path.insert(0, "/tmp")
#: environment; ends: ok
import os
os.environ["PWNED"] = "1"
os.putenv("PYTHONSTARTUP", "/tmp/x")
#: path; ends: ok
import sys
sys.path[:] = ["/tmp"]
sys.path_importer_cache.clear()
sys.path_hooks.clear()
#: working folder; ends: ok
import os
os.chdir("/tmp")
#: working folder removed; ends: ok/raised
import os
os.chdir("/tmp")
os.rmdir("/home/student")
#: seeds; ends: ok
import random
random.seed(1)
#: streams closed; ends: ok/raised
import sys
sys.stdout.close()
sys.stderr.close()
sys.stdin.close()
#: file descriptors closed; ends: ok/raised
import os
for fd in range(100):
    try:
        os.close(fd)
    except OSError:
        pass
#: file descriptors swapped; ends: ok/raised
import os
os.dup2(os.open("/tmp/x", os.O_RDWR | os.O_CREAT), 1)
os.dup2(1, 0)
os.dup2(1, 2)
#: streams replaced; ends: ok
import io, sys
sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = io.StringIO()
sys.stdin = sys.__stdin__ = None
#: streams of rubbish; ends: ok/raised
import sys
sys.stdout = 7
sys.__stdout__ = type("X", (), {"__getattr__": lambda self, name: 1 / 0})()
#: recursion limit and int digits; ends: ok
import sys
sys.setrecursionlimit(50)
sys.set_int_max_str_digits(640)
#: switch interval and hooks; ends: ok
import sys
sys.setswitchinterval(1_000)
sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *args: print("PWNED")
sys.breakpointhook = None
#: trace and profile left on; ends: ok
import sys, threading
sys.settrace(lambda *args: None)
sys.setprofile(lambda *args: None)
threading.settrace(lambda *args: None)
#: monitoring left on; ends: ok/raised
import sys
sys.monitoring.use_tool_id(0, "x")
sys.monitoring.set_events(0, sys.monitoring.events.LINE)
sys.monitoring.register_callback(0, sys.monitoring.events.LINE, lambda *args: print("at its own end"))
#: audit hook left on; ends: ok/raised
import sys
sys.addaudithook(lambda *args: print("PWNED") if args[0] == "open" else None)
#: collector off, frozen and with callbacks; ends: ok
import gc
gc.disable()
gc.set_threshold(1)
gc.callbacks.append(lambda *args: print("at its own end"))
#: warnings as errors; ends: ok
import warnings
warnings.simplefilter("error")
warnings.showwarning = None
#: codecs and error handlers; ends: ok
import codecs
codecs.register(lambda name: (_ for _ in ()).throw(RuntimeError("PWNED")))
codecs.register_error("strict", lambda error: ("PWNED", error.end))
#: locale and decimal context; ends: ok/raised
import decimal, locale
decimal.getcontext().prec = 1
decimal.setcontext(decimal.Context(prec=2))
#: import hooks; ends: ok
import builtins, sys
class Finder:
    def find_spec(self, *args):
        print("at its own end")
sys.meta_path.insert(0, Finder())
builtins.__import__ = lambda *args: print("at its own end")
#: copyreg and pickles; ends: ok
import copyreg
copyreg.pickle(int, lambda value: (print, ("PWNED",)))
copyreg.dispatch_table.clear()
#: event loop left running; ends: ok/raised
import asyncio
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
asyncio._set_running_loop(loop)
#: tasks left behind; ends: ok/raised
import asyncio
async def later():
    await asyncio.sleep(0.01)
    print("PWNED")
async def main():
    for _ in range(100):
        asyncio.create_task(later())
asyncio.run(main())
#: atexit; ends: ok
import atexit
atexit.register(print, "at its own end")
#: finalizers; ends: ok
import builtins, weakref
class Bomb:
    def __del__(self):
        builtins.print("at its own end")
builtins.bomb = Bomb()
weakref.finalize(builtins.bomb, print, "at its own end")
#: context variables and typing caches; ends: ok
import contextvars, typing
contextvars.ContextVar("PWNED").set(1)
typing.List = None
#: the time zone; ends: ok/raised
import os, time
os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
#: input that is not read; ends: ok; stdin: PWNED
x = 1
#: types changed through a garbage referent; ends: ok/raised
import gc
for found in gc.get_referents(int.__dict__):
    if isinstance(found, dict):
        found["PWNED"] = 1
        found["bit_length"] = lambda self: 42
