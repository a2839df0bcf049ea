#: sixty megabytes at once; ends: out_of_memory
x = bytearray(60 * 2 ** 20)
#: list that grows; ends: out_of_memory
x = []
while True:
    x.append("a" * 100_000)
#: memory error caught; ends: ok; prints: caught
try:
    x = bytearray(60 * 2 ** 20)
except MemoryError:
    print("caught")
#: memory error caught for ever; ends: timed_out/out_of_memory
x = []
while True:
    try:
        while True:
            x.append(bytearray(100_000))
    except MemoryError:
        pass
#: text doubled; ends: out_of_memory
x = "a"
while True:
    x += x
#: dictionary that grows; ends: out_of_memory
x = {}
n = 0
while True:
    x[n] = str(n)
    n += 1
#: list times a lot; ends: out_of_memory
x = [0] * 10 ** 9
#: shift by a lot; ends: out_of_memory/raised
x = 1 << 10 ** 10
#: shift by much; ends: out_of_memory
x = 1 << 10 ** 9
#: zip bomb; ends: out_of_memory
import zlib
data = zlib.compress(bytes(20 * 2 ** 20))
x = [zlib.decompress(data) for _ in range(10)]
#: nested exceptions that grow; ends: out_of_memory/raised/timed_out
def f(n):
    try:
        raise ValueError("x" * 100_000)
    except ValueError:
        f(n + 1)
f(0)
#: files that fill the host; ends: raised; type: OSError
for n in range(1_000):
    open(f"/tmp/{n}", "w").write("x" * 10 ** 6)
#: one sparse file; ends: raised; type: OSError
import os
fd = os.open("big", os.O_RDWR | os.O_CREAT)
os.lseek(fd, 10 ** 9, 0)
os.write(fd, b"x")
print("PWNED")
#: truncate to a gigabyte; ends: raised; type: OSError
import os
os.ftruncate(os.open("big", os.O_RDWR | os.O_CREAT), 10 ** 9)
print("PWNED")
#: a million folders; ends: raised; type: OSError
import os
for n in range(10 ** 6):
    os.mkdir(f"/tmp/{n}")
#: folders within folders; ends: raised; type: OSError
import os
for n in range(10 ** 6):
    os.mkdir("d")
    os.chdir("d")
#: a name of ten megabytes; ends: raised; type: OSError
open("/tmp/" + "x" * 10 ** 7, "w")
#: pipes that are filled; ends: raised/timed_out; type: OSError
import os
for _ in range(1_000):
    out, into = os.pipe()
    for _ in range(64):
        os.write(into, b"x" * 1_000_000)
#: file descriptors; ends: raised; type: OSError
import os
while True:
    os.dup(1)
#: memory map of a lot; ends: raised/out_of_memory
import mmap
mmap.mmap(-1, 10 ** 9)
#: an innocent heap of ten megabytes is allowed; ends: ok; prints: 10485760
x = bytearray(10 * 2 ** 20)
print(len(x))
