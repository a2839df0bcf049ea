#: endless loop; ends: timed_out; line: 2
x = 0
while True: x += 1
#: endless loop that swallows everything; ends: timed_out
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
#: finally that loops; ends: timed_out
try:
    while True:
        pass
finally:
    while True:
        pass
#: huge power in C; ends: timed_out/out_of_memory; line: 1
x = 10 ** 10 ** 8
#: huge power modulo; ends: timed_out
pow(3, 2 ** 200_000 + 1, 2 ** 200_000 - 1)
#: catastrophic regular expression; ends: timed_out; line: 2
import re
re.match(r"(a+)+$", "a" * 50 + "b")
#: sum over a range in C; ends: timed_out; line: 1
sum(range(10 ** 14))
#: iterators that never end; ends: timed_out
import collections, itertools
collections.deque(itertools.repeat(1), maxlen=0)
#: any over an endless iterator; ends: timed_out
import itertools
any(itertools.repeat(False))
#: sleeping without end; ends: timed_out; line: 2
import time
while True: time.sleep(1_000)
#: membership in an endless count; ends: timed_out
import itertools
-1 in itertools.count()
#: factorial; ends: timed_out/out_of_memory
import math
math.factorial(10 ** 8)
#: big text to int; ends: timed_out
import sys
sys.set_int_max_str_digits(0)
int("9" * 3_000_000)
#: big int to text; ends: timed_out/out_of_memory
import sys
sys.set_int_max_str_digits(0)
str(7 ** 9_000_000)
#: comparison that never ends; ends: timed_out
class Slow:
    def __lt__(self, other):
        while True:
            pass
sorted([Slow(), Slow()])
#: destructor that loops; ends: timed_out
class Slow:
    def __del__(self):
        while True:
            pass
x = Slow()
del x
#: generator that never ends; ends: timed_out/out_of_memory
list(iter(int, 1))
#: flush that loops after the end; ends: ok/timed_out/raised
import sys
class Stream:
    def write(self, text): return len(text)
    def flush(self):
        while True:
            pass
sys.stdout = Stream()
#: str of the exception loops; ends: timed_out
class Slow(Exception):
    def __str__(self):
        while True:
            pass
raise Slow()
#: repr of the result loops; ends: timed_out; call: f()
class Slow:
    def __repr__(self):
        while True:
            pass
def f():
    return Slow()
#: trace function that loops; ends: timed_out
import sys
def trace(*args):
    while True:
        pass
sys.settrace(trace)
def f(): pass
f()
#: async task that never yields; ends: timed_out
import asyncio
async def main():
    while True:
        pass
asyncio.run(main())
#: signal handler to outlive the limit; ends: timed_out/raised
import signal
try:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
except (ValueError, OSError):
    pass
while True:
    pass
#: parser bomb; ends: raised/timed_out/out_of_memory
eval("(" * 100_000 + ")" * 100_000)
#: exponential format width; ends: raised/out_of_memory/timed_out
"%0*d" % (2 ** 31 - 1, 1)
