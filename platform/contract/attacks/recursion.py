#: endless recursion; ends: raised; type: RecursionError
def f(n):
    return f(n + 1)
f(0)
#: recursion limit lifted; ends: raised/out_of_memory/timed_out
import sys
sys.setrecursionlimit(10 ** 9)
def f(n):
    return f(n + 1)
f(0)
#: recursion through C; ends: raised/out_of_memory
import sys
sys.setrecursionlimit(10 ** 9)
class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")
A().x
#: recursion through repr; ends: raised
x = []
for _ in range(100_000):
    x = [x]
repr(x)
#: recursion through comparison; ends: raised
a, b = [], []
for _ in range(100_000):
    a, b = [a], [b]
a == b
#: recursion through sort keys; ends: raised/timed_out/out_of_memory
import sys
sys.setrecursionlimit(10 ** 6)
def f(x):
    return sorted([2, 1], key=f)
f(1)
#: deep data as a result; ends: ok; call: f()
def f():
    x = []
    for _ in range(100_000):
        x = [x]
    return x
#: data that holds itself as a result; ends: ok; call: f()
def f():
    x = []
    x.append(x)
    return x
#: pickle of deep data; ends: raised/ok
import pickle
x = []
for _ in range(100_000):
    x = [x]
pickle.dumps(x)
#: json of deep text; ends: raised
import json
json.loads("[" * 100_000)
#: nested functions in source; ends: raised/ok
exec("\n".join(" " * n + f"def f{n}():" for n in range(99)) + "\n" + " " * 99 + "pass")
#: deep copy; ends: raised/ok/out_of_memory
import copy, sys
sys.setrecursionlimit(10 ** 9)
x = []
for _ in range(50_000):
    x = [x]
copy.deepcopy(x)
