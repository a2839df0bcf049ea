/**
 * Runs once, before the snapshot is taken: imports what most programs use, and restores `asyncio` and `time.sleep`,
 * which Pyodide binds to the event loop of a browser. `exit()` closes no input, which a test may still read.
 */
export const prepare = `
import random, traceback, linecache, json, collections, dataclasses, typing, re, math, itertools, functools, io, string, copy, datetime
import heapq, bisect, statistics, decimal, fractions, csv, textwrap, pprint, calendar, enum, abc, contextlib, operator, time, pickle
import asyncio, asyncio.base_events, warnings
from pyodide import webloop

class Selector:
    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("every task waits for something that never comes")
        if timeout > 0:
            time.sleep(timeout)
        return []
    def close(self):
        pass

class Loop(asyncio.base_events.BaseEventLoop):
    """Tasks and timers; there is no network to wait for."""
    def __init__(self):
        super().__init__()
        self._selector = Selector()
    def _process_events(self, events):
        pass
    def _write_to_self(self):
        pass

class Policy(asyncio.events._BaseDefaultEventLoopPolicy):
    _loop_factory = Loop

Loop.__module__ = Policy.__module__ = Selector.__module__ = "asyncio"
time.sleep = webloop._orig_sleep
asyncio.run = webloop._orig_run
asyncio.events._set_event_loop_policy(Policy())
asyncio._set_running_loop(None)
del webloop, Policy

def leave(quitter, code=None):
    raise SystemExit(code)
type(exit).__call__ = leave
del leave
`

/**
 * Runs at every start: removes the modules that lead to JavaScript, so that importing them is a plain ImportError.
 * `os._exit` leaves as `sys.exit` does, so that what the program has defined and printed counts.
 */
export const lockDown = `
import sys, os, gc, builtins
sys.meta_path[:] = [finder for finder in sys.meta_path if getattr(finder, "__module__", "").startswith("_frozen_importlib")]
hidden = ("js", "pyodide_js", "_pyodide", "pyodide", "_pyodide_core", "micropip", "ctypes", "_ctypes")
for name in [name for name in sys.modules if name.split(".")[0] in hidden]:
    del sys.modules[name]
for name in (*hidden, "pyodide_js._api", "pyodide.ffi", "pyodide.code", "pyodide.http"):
    sys.modules[name] = None
def refused(*args, **kwargs):
    raise PermissionError("not available in the sandbox")
for module in (os, sys.modules["posix"]):
    for name in ("fork", "forkpty", "execv", "execve", "spawnv", "spawnve", "posix_spawn", "posix_spawnp", "kill", "killpg", "abort"):
        if hasattr(module, name):
            setattr(module, name, refused)
def leave(status):
    raise SystemExit(status)
os._exit = sys.modules["posix"]._exit = leave
sys.excepthook = sys.__excepthook__
os.chdir("/home/student")
del refused, leave, hidden, name, module
gc.collect()
gc.freeze()
`
