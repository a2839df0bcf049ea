#: prints; ends: ok; prints: 1 2-3!
print(1, 2, sep=" ", end="-")
print(3, end="!")
#: recursion near the limit; ends: ok; prints: 900
def f(n): return 0 if n == 0 else 1 + f(n - 1)
print(f(900))
#: recursion with a raised limit; ends: ok; prints: 5000
import sys
sys.setrecursionlimit(20_000)
def f(n): return 0 if n == 0 else 1 + f(n - 1)
print(f(5_000))
#: names that shadow; ends: ok; prints: 3 [1, 2]
list = [1, 2]
sum = 3
print(sum, list)
#: main guard; ends: ok; prints: main
if __name__ == "__main__":
    print("main")
#: main guard when called; call: f(); ends: ok; value: str submission
def f(): return __name__
#: classes; ends: ok; prints: <Point 3>
class Point:
    count = 0
    def __init__(self, x): self.x = x
    def __repr__(self): return f"<Point {self.x}>"
    def __add__(self, other): return Point(self.x + other.x)
print(Point(1) + Point(2))
#: generators; ends: ok; prints: [0, 1, 4]
def squares():
    for n in range(3): yield n * n
print([*squares()])
#: type hints; ends: ok; prints: 3
from typing import Optional
def f(x: int | None, y: Optional["Later"] = None) -> list[int]: return [x]
print(f(3)[0])
#: walrus; ends: ok; prints: 4
if (n := len("four")) > 3: print(n)
#: match; ends: ok; prints: point 1 2
match {"kind": "point", "at": (1, 2)}:
    case {"kind": "point", "at": (x, y)}: print("point", x, y)
#: dataclasses; ends: ok; prints: Card(rank=1, suit='x')
from dataclasses import dataclass
@dataclass(frozen=True, order=True)
class Card:
    rank: int
    suit: str = "x"
print(Card(1))
#: closures; ends: ok; prints: 2
def counter():
    n = 0
    def next_():
        nonlocal n
        n += 1
        return n
    return next_
c = counter(); c(); print(c())
#: decorators; ends: ok; prints: [f] 3
import functools
def log(f):
    @functools.wraps(f)
    def inner(*args): print(f"[{f.__name__}]", end=" "); return f(*args)
    return inner
@log
def f(x): return x
print(f(3))
#: context managers; ends: ok; prints: in out
from contextlib import contextmanager
@contextmanager
def frame(): print("in", end=" "); yield; print("out")
with frame(): pass
#: f-strings; ends: ok; prints: x=3 0003 {3}
x = 3
print(f"{x=} {x:04d} {{{x}}}")
#: unicode identifiers; ends: ok; prints: 3.14 日本
π = 3.14
名前 = "日本"
print(π, 名前)
#: star expressions; ends: ok; prints: 1 [2, 3] 4
a, *b, c = [1, 2, 3, 4]
print(a, b, c)
#: exceptions with groups and notes; ends: ok; prints: caught 1
try: raise ExceptionGroup("g", [ValueError(1)])
except* ValueError as group: print("caught", len(group.exceptions))
#: input; ends: ok; stdin: 4; prints: 16
print(int(input()) ** 2)
#: standard input by lines; ends: ok; stdin: abc; prints: ['abc']
import sys
print([line.strip() for line in sys.stdin])
#: async; ends: ok; prints: [0, 1, 2]
import asyncio
async def double(n):
    await asyncio.sleep(0.001)
    return n
async def main(): print(await asyncio.gather(*(double(n) for n in range(3))))
asyncio.run(main())
#: files; ends: ok; prints: line 2
with open("notes.txt", "w") as out: out.write("line 1\nline 2\n")
with open("notes.txt") as lines: print(lines.readlines()[1])
#: csv and json; ends: ok; prints: {"a": "1"}
import csv, io, json
print(json.dumps(next(csv.DictReader(io.StringIO("a\n1\n")))))
#: chance with a seed; ends: ok; prints: 82
import random
random.seed(42)
print(random.randint(1, 100))
#: dates; ends: ok; prints: 2024-02-29
from datetime import date
print(date(2024, 2, 29).isoformat())
#: unittest; ends: ok/raised; prints: OK
import sys, unittest
class T(unittest.TestCase):
    def test_it(self): self.assertEqual(1, 1)
unittest.TextTestRunner(sys.stdout).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
#: doctest; ends: ok; prints: TestResults(failed=0, attempted=1)
def f(x):
    """
    >>> f(2)
    4
    """
    return x * 2
import doctest
print(doctest.testmod())
#: pickles of own classes; ends: ok; prints: 3
import pickle
class P:
    def __init__(self, x): self.x = x
print(pickle.loads(pickle.dumps(P(3))).x)
#: named tuples, enums and counters; call: f(); ends: ok; value: list 3
from collections import Counter, namedtuple
from enum import IntEnum
class Level(IntEnum): low = 1
def f(): return [namedtuple("P", "x y")(1, 2), Level.low, Counter("aab")]
#: exit with zero; ends: ok; prints: bye
import sys
print("bye")
sys.exit()
#: time measured; ends: ok; prints: True
import time
start = time.perf_counter()
time.sleep(0.01)
print(time.perf_counter() - start >= 0.01)
#: big numbers; ends: ok; prints: 1267650600228229401496703205376 1/3 0.1
from fractions import Fraction
from decimal import Decimal
print(2 ** 100, Fraction(1, 3), Decimal("0.1"))
#: a sieve; ends: ok; prints: 9592
n = 100_000
sieve = bytearray([1]) * n
sieve[:2] = b"\0\0"
for i in range(2, 317):
    if sieve[i]: sieve[i * i :: i] = bytes(len(range(i * i, n, i)))
print(sum(sieve))
#: a byte order mark; ends: ok; prints: 1 solution.py
﻿print(1, __file__)
#: tabs and carriage returns; ends: ok; prints: 2
if True:
	print(2)
#: a comment only; ends: ok
# nothing
#: printing an exception; ends: ok; prints: division by zero
try: 1 / 0
except ZeroDivisionError as error: print(error)
