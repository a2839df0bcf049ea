#: the library's archive made writable by its descriptor's flags; ends: ok/raised
import fcntl, os
fd = os.open("/lib/python314.zip", os.O_RDONLY)
before = os.pread(fd, 64, 4096)
fcntl.fcntl(fd, fcntl.F_SETFL, os.O_RDWR)
try:
    os.pwrite(fd, b"PATCHED", 4096)
    os.ftruncate(fd, 100)
except OSError:
    pass
if os.pread(fd, 64, 4096) != before:
    print("PWNED")
#: the library's archive emptied by its descriptor; ends: ok/raised
import fcntl, os
fd = os.open("/lib/python314.zip", os.O_RDONLY)
fcntl.fcntl(fd, fcntl.F_SETFL, os.O_RDWR | os.O_TRUNC | os.O_APPEND)
for attempt in (lambda: os.ftruncate(fd, 0), lambda: os.truncate(fd, 0), lambda: os.posix_fallocate(fd, 0, 10 ** 7)):
    try:
        attempt()
    except OSError:
        pass
if os.fstat(fd).st_size != os.stat("/lib/python314.zip").st_size or os.fstat(fd).st_size < 10 ** 6 or os.fstat(fd).st_size > 9 ** 7:
    print("PWNED")
#: the library's archive written through a memory map of another file; ends: ok/raised
import mmap, os
open("mine", "wb").write(b"P" * 65536)
mine = os.open("mine", os.O_RDWR)
free = os.dup(mine)
os.close(free)
view = mmap.mmap(mine, 65536)
library = os.open("/lib/python314.zip", os.O_RDONLY)
before = os.pread(library, 64, 0)
for fd in (free, mine):
    try:
        os.dup2(library, fd)
    except OSError:
        pass
view[:] = b"P" * 65536
for attempt in (view.flush, view.close):
    try:
        attempt()
    except OSError:
        pass
if os.pread(library, 64, 0) != before:
    print("PWNED")
#: the library's archive mapped with forged flags; ends: ok/raised
import fcntl, mmap, os
fd = os.open("/lib/python314.zip", os.O_RDONLY)
before = os.pread(fd, 64, 0)
fcntl.fcntl(fd, fcntl.F_SETFL, os.O_RDWR)
try:
    view = mmap.mmap(fd, 65536)
    view[:64] = b"P" * 64
    view.flush()
    view.close()
except OSError:
    pass
if os.pread(fd, 64, 0) != before:
    print("PWNED")
#: the library's archive locked by its mode; ends: ok/raised
import os
os.fchmod(os.open("/lib/python314.zip", os.O_RDONLY), 0)
#: the root folder locked by its mode; ends: ok/raised
import os
os.fchmod(os.open("/", os.O_RDONLY), 0)
#: every node locked by its mode and given another time and owner, by descriptor and by path; ends: ok/raised
import os
for folder, folders, files in list(os.walk("/"))[::-1]:
    for path in [*(os.path.join(folder, name) for name in files), folder]:
        for attempt in (
            lambda: os.fchmod(os.open(path, os.O_RDONLY), 0),
            lambda: os.fchown(os.open(path, os.O_RDONLY), 1, 1),
            lambda: os.utime(os.open(path, os.O_RDONLY), (1, 1)),
            lambda: os.utime(path, (1, 1)),
            lambda: os.chown(path, 1, 1),
            lambda: os.lchmod(path, 0),
            lambda: os.chmod(path, 0),
        ):
            try:
                attempt()
            except (OSError, AttributeError, NotImplementedError):
                pass
#: files in folders of the system; ends: ok/raised
import os
os.mkdir("made")
open("made/file", "w").write("x")
for folder, folders, files in list(os.walk("/")):
    if folder.startswith(("/home/student", "/tmp")):
        continue
    for attempt in (
        lambda: open(folder + "/evil", "w"),
        lambda: os.mkdir(folder + "/evil"),
        lambda: os.rename("made", folder + "/evil"),
        lambda: os.rename("made/file", folder + "/evil"),
        lambda: os.replace("made/file", folder + "/" + (files or ["evil"])[0]),
        lambda: os.symlink("made", folder + "/evil"),
        lambda: os.open("evil", os.O_CREAT | os.O_RDWR, dir_fd=os.open(folder, os.O_RDONLY)),
        lambda: os.rmdir(folder),
        lambda: os.rename(folder, "/tmp/taken"),
        lambda: os.rename(folder, "/tmp/taken/deeper"),
    ):
        try:
            attempt()
            print("PWNED", folder)
        except OSError:
            pass
#: flags and places of the standard streams; ends: ok/raised
import fcntl, os
for fd in (0, 1, 2):
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND | os.O_RDWR)
    try:
        os.lseek(fd, 7, 0)
    except OSError:
        pass
#: numbers of nodes and names of pipes counted up; ends: ok/raised
import os
for n in range(50):
    open(f"f{n}", "w").close()
    for end in os.pipe():
        os.close(end)
#: names looked up; ends: ok/raised
import socket
for n in range(20):
    try:
        socket.gethostbyname_ex(f"host{n}.example")
    except OSError:
        pass
#: a descriptor with a number past counting; ends: ok/raised
import fcntl, os
try:
    fcntl.fcntl(1, fcntl.F_DUPFD, 2 ** 31 - 10)
except OSError:
    pass
print(os.listdir("/proc/self/fd"))
#: a file grown far beyond its bound by a memory map; ends: ok/raised/out_of_memory
import mmap, os
fd = os.open("big", os.O_CREAT | os.O_RDWR)
os.ftruncate(fd, 65536)
for n in range(1, 40):
    try:
        view = mmap.mmap(fd, 65536, offset=n * 65536 * 1000)
        view[:3] = b"abc"
        view.flush()
        view.close()
    except (OSError, ValueError):
        pass
if os.fstat(fd).st_size > 2 ** 25:
    print("PWNED", os.fstat(fd).st_size)
#: arguments that break Emscripten's own calls; ends: ok
import os
for way in (os.O_WRONLY | os.O_RDWR, -1, 2 ** 31 - 1):
    try:
        os.open("/dev/null", way)
    except OSError:
        pass
#: a pipe that nobody reads; ends: ok/raised
import os
out, into = os.pipe()
try:
    for n in range(1000):
        os.write(into, b"x" * 2 ** 20)
    print("PWNED")
except OSError:
    pass
