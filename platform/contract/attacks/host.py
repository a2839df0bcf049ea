#: js; ends: raised; type: ImportError
import js
print("PWNED", js.process.env)
#: js after removing the block; ends: raised; type: ImportError
import sys
del sys.modules["js"]
import js
print("PWNED")
#: pyodide_js; ends: raised; type: ImportError
import pyodide_js
print("PWNED")
#: pyodide_js after removing the block; ends: raised; type: ImportError
import sys
sys.modules.pop("pyodide_js")
import pyodide_js
print("PWNED")
#: constructor of a constructor; ends: raised
import sys
sys.modules.pop("pyodide_js")
import pyodide_js
print("PWNED", pyodide_js.runPython.constructor("return process")())
#: run_js; ends: raised
from pyodide.code import run_js
print("PWNED", run_js("process.version"))
#: run_js after removing every block; ends: raised
import sys
for name in [name for name, module in sys.modules.items() if module is None]:
    del sys.modules[name]
from pyodide.code import run_js
print("PWNED", run_js("process.version"))
#: _pyodide_core again; ends: raised
import sys
sys.modules.pop("_pyodide_core")
import _pyodide_core
print(_pyodide_core.to_js([1, 2, 3]))
print("PWNED")
#: _pyodide_core by its loader; ends: raised
import _imp, importlib.machinery
core = _imp.create_builtin(importlib.machinery.ModuleSpec("_pyodide_core", None))
print(core.create_proxy(print))
print("PWNED")
#: importhook; ends: raised
import sys
for name in [name for name, module in sys.modules.items() if module is None]:
    del sys.modules[name]
from _pyodide._importhook import register_js_module, jsfinder
print("PWNED", jsfinder.jsproxies["js"].process)
#: proxies on the heap; ends: ok/raised
import gc
gc.unfreeze()
for found in gc.get_objects():
    if type(found).__name__ in ("JsProxy", "JsDoubleProxy", "JsMethod"):
        print("PWNED", found.constructor)
#: proxies among the referents of proxies' classes; ends: ok/raised
import gc
gc.unfreeze()
for found in gc.get_objects():
    if "JsProxy" in type(found).__name__ or "JsProxy" in getattr(found, "__name__", ""):
        for other in gc.get_referrers(found):
            if type(other).__name__ == "JsProxy":
                print("PWNED", other.constructor.constructor("return process")())
#: functions on the heap; ends: raised/ok
import gc
gc.unfreeze()
for found in gc.get_objects():
    if type(found).__name__ == "builtin_function_or_method" and found.__name__ in ("to_js", "create_proxy", "run_sync"):
        print("PWNED", found([1, {"a": 1}]))
#: modules on the heap; ends: raised/ok
import gc, types
gc.unfreeze()
for found in gc.get_objects():
    if isinstance(found, types.ModuleType) and found.__name__ in ("js", "pyodide_js", "_pyodide_core"):
        print("PWNED", vars(found)["to_js"]([1]))
#: subclasses of object; ends: ok/raised
for found in object.__subclasses__():
    if found.__name__.startswith("Js") and "Proxy" in found.__name__:
        print("PWNED", found.new("return process"))
#: to_js of the ffi module; ends: raised/ok
import sys
for name in [name for name, module in sys.modules.items() if module is None]:
    del sys.modules[name]
import pyodide.ffi
if type(pyodide.ffi.to_js({"__proto__": {"polluted": 1}})) is not dict:
    print("PWNED")
#: prototype pollution; ends: raised
import sys
sys.modules.pop("_pyodide_core")
import _pyodide_core
array = _pyodide_core.to_js([])
array.__proto__.push = lambda *args: 0
print("PWNED")
#: ctypes; ends: raised
import ctypes
print("PWNED", ctypes.CDLL(None).system(b"echo PWNED > @CANARY@"))
#: _ctypes after removing the block; ends: raised
import sys
for name in ("ctypes", "_ctypes"):
    sys.modules.pop(name, None)
import ctypes
library = ctypes.CDLL(None)
print("PWNED", library.emscripten_run_script(b"process.exit(7)"))
#: ctypes calls into the interpreter; ends: raised
import sys
for name in ("ctypes", "_ctypes"):
    sys.modules.pop(name, None)
import ctypes
print("PWNED", ctypes.pythonapi.PyRun_SimpleString(b"print(1)"))
#: ctypes writes memory; ends: raised
import sys
for name in ("ctypes", "_ctypes"):
    sys.modules.pop(name, None)
import ctypes
ctypes.memset(0, 255, 20_000_000)
#: run_sync; ends: raised
import sys
for name in [name for name, module in sys.modules.items() if module is None]:
    del sys.modules[name]
from pyodide.ffi import run_sync
run_sync(None)
print("PWNED")
#: WebLoop of Pyodide; ends: raised
import sys
for name in [name for name, module in sys.modules.items() if module is None]:
    del sys.modules[name]
import pyodide.webloop
pyodide.webloop.WebLoop().call_later(0, print, "PWNED")
#: frames of the harness; ends: ok/raised
import sys
frame = sys._getframe()
while frame.f_back:
    frame = frame.f_back
print("PWNED" if "expected" in frame.f_globals or frame.f_code.co_filename not in ("solution.py", "test") else "")
#: environment of the host; ends: ok; prints: clean
import os
print("PWNED" if any("@" in name or "TOKEN" in name or "LEARNFLOW" in name or "CANARY" in name for name in os.environ) else "clean")
#: arguments of the host; ends: ok
import sys
print("PWNED" if any("node" in part for part in sys.argv) else "", sys.orig_argv[:0])
#: emscripten debugger; ends: raised/ok
import _emscripten_log
_emscripten_log.log(0, "PWNED")
