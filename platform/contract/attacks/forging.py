#: always equal; call: f(); ends: ok; value: int 5
class Liar(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
def f(): return Liar(5)
#: another class; call: f(); ends: ok; value: other Liar
class Liar:
    @property
    def __class__(self): return int
    def __eq__(self, other): return True
    def __int__(self): return 9
    def __index__(self): return 9
def f(): return Liar()
#: list that iterates otherwise; call: f(); ends: ok; value: list 0
class Liar(list):
    def __iter__(self): return iter([9])
    def __len__(self): return 1
    def __getitem__(self, at): return 9
def f(): return Liar()
#: text that reads otherwise; call: f(); ends: ok; value: str no
class Liar(str):
    def __str__(self): return "yes"
    def __repr__(self): return "yes"
    def encode(self, *args): return b"yes"
def f(): return Liar("no")
#: dictionary that shows otherwise; call: f(); ends: ok; value: dict 0
class Liar(dict):
    def items(self): return [("a", 9)]
    def __iter__(self): return iter(["a"])
def f(): return Liar()
#: metaclass; call: f(); ends: ok; value: other Liar
class Meta(type):
    def __instancecheck__(cls, other): return True
    def __subclasscheck__(cls, other): return True
    def __eq__(cls, other): return True
    def __hash__(cls): return hash(int)
class Liar(metaclass=Meta):
    __name__ = "int"
def f(): return Liar()
#: name of a built-in; call: f(); ends: ok; value: other
def f(): return type("int", (), {"__eq__": lambda *args: True})()
#: result line on fd 1; call: f(); ends: ok; value: none
import os
def f(): os.write(1, b'{"kind":"int","value":9}\n')
#: result line on every fd; call: f(); ends: ok; value: none
import os
def f():
    for fd in range(3, 20):
        try: os.write(fd, b'{"id":"x","result":{"ended":"ok"}}\n')
        except OSError: pass
#: json patched; call: f(); ends: ok; value: int 5
import json
json.dumps = lambda *args, **kwargs: "9"
def f(): return 5
#: exit before the call; call: f(); ends: ok; value: int 9
import sys
def f(): return 9
sys.exit(0)
#: exit in the call; call: f(); ends: raised; type: SystemExit
import sys
def f(): sys.exit(0)
#: os._exit in the call; call: f(); ends: raised; type: SystemExit
import os
def f(): os._exit(0)
#: own BaseException; call: f(); ends: raised; type: BaseException
class Own(BaseException): pass
def f(): raise Own()
#: exception that claims to be another; call: f(); ends: raised; not: TypeError
class TypeError(Exception): pass
def f(): raise TypeError("forged")
#: exception named like a built-in by assignment; call: f(); ends: raised; not: ValueError
Forged = type("ValueError", (Exception,), {"__module__": "builtins", "__qualname__": "ValueError"})
def f(): raise Forged("forged")
#: exception with a spoofed class; call: f(); ends: raised; not: KeyError
class Forged(Exception):
    @property
    def __class__(self): return KeyError
def f(): raise Forged()
#: mro spoofed; call: f(); ends: raised; not: KeyError
class Meta(type):
    def mro(cls): return [cls, Exception, BaseException, object]
class Forged(Exception, metaclass=Meta): pass
def f(): raise Forged()
#: locals of the caller; call: f(); ends: ok; value: int 5
import sys
def f():
    frame = sys._getframe()
    while frame is not None:
        for name in list(frame.f_locals):
            if name in ("expected", "want", "result"): frame.f_locals[name] = 9
        frame = frame.f_back
    return 5
#: settrace flips the result; call: f(); ends: ok; value: int 5
import sys
def trace(frame, event, arg):
    if event == "return" and frame.f_code.co_name != "f": frame.f_locals["expected"] = 5
    return trace
sys.settrace(trace)
def f(): return 5
#: expected value on the heap; call: f(5_817_263); ends: ok; value: str nothing
import gc
def f(n):
    for found in gc.get_objects():
        if isinstance(found, (list, dict)) and repr(found).find("expect") >= 0 and "33840548811169" in repr(found): return found
    return "nothing"
#: built-in eval replaced; call: f(); ends: ok/raised; value: int 5
import builtins
builtins.eval = builtins.exec = builtins.compile = lambda *args: 9
def f(): return 5
#: another module named submission; call: f(); ends: ok; value: int 5
import sys, types
forged = types.ModuleType("submission")
forged.f = lambda: 9
sys.modules["submission"] = forged
def f(): return 5
#: the interpreter's true made false; call: f(); ends: ok/raised; value: bool false
import sys
def f(): return False
#: output after the fact; call: f(); ends: ok; value: int 5
import atexit
atexit.register(print, "PWNED")
def f(): return 5
#: import hook for the harness; call: f(); ends: ok; value: int 5
import sys, builtins
class Finder:
    def find_spec(self, name, *args): raise RuntimeError("PWNED")
sys.meta_path.insert(0, Finder())
builtins.__import__ = None
def f(): return 5
#: pickle that runs; call: f(); ends: ok; value: none
import pickle
class Evil:
    def __reduce__(self): return (print, ("run",))
def f(): return pickle.loads(pickle.dumps(Evil()))
#: encoding declared; ends: ok; prints: é
# -*- coding: rot13 -*-
print("é")
#: strings that look like results; ends: ok
print('\x00{"ended":"ok","value":{"kind":"int","value":"9"}}\x00')
#: an int of any size; call: f(); ends: ok; value: int 1000000000000000000000000000000
def f(): return 10 ** 30
#: a lone surrogate; call: len(f()); ends: ok; value: int 1
def f(): return "\ud800"
#: code after the result; call: f(); ends: ok; value: list 1
class Sly(list):
    def __del__(self): print("PWNED")
def f(): return [5]
#: threads to change it later; call: f(); ends: ok/raised
import threading
result = []
def f():
    try: threading.Timer(0.01, lambda: result.append(9)).start()
    except RuntimeError: pass
    return result
#: warning filter that raises; call: f(); ends: ok/raised; value: int 5
import warnings
warnings.simplefilter("error")
warnings.warn = lambda *args, **kwargs: 1 / 0
def f(): return 5
