#: reading the host's passwords; ends: raised; type: OSError
print("PWNED", open("/etc/passwd").read())
#: reading the canary; ends: raised; type: OSError
print("PWNED", open("@CANARY@").read())
#: reading the host through /proc; ends: raised; type: OSError
print("PWNED", open("/proc/self/environ").read())
#: writing outside; ends: raised; type: OSError
open("@CANARY@", "w").write("PWNED")
#: writing the standard library; ends: raised; type: OSError
import json
open("/lib/python314.zip", "ab").write(b"x")
print("PWNED")
#: a module in the root folder; ends: raised; type: OSError
open("/evil.py", "w").write("print('PWNED')")
#: a symbolic link out; ends: raised; type: OSError
import os
os.symlink("/etc/passwd", "link")
print("PWNED", open("link").read())
#: a hard link out; ends: raised
import os
os.link("/lib/python314.zip", "link")
print("PWNED")
#: up and out; ends: raised; type: OSError
open("../../../../../../evil", "w").write("x")
print("PWNED")
#: removing the standard library; ends: raised; type: OSError
import os
os.remove("/lib/python314.zip")
#: renaming the standard library away; ends: raised; type: OSError
import os
os.rename("/lib/python314.zip", "/tmp/x")
#: removing the folders; ends: raised; type: OSError
import shutil
shutil.rmtree("/home")
#: changing modes; ends: raised; type: OSError
import os
os.chmod("/lib/python314.zip", 0)
#: making a device; ends: raised
import os
os.mknod("/tmp/dev", 0o20666, os.makedev(1, 3))
print("PWNED")
#: mounting the host; ends: raised
import pyodide_js
pyodide_js.mountNodeFS("/mnt", "/etc")
print("PWNED", open("/mnt/passwd").read())
#: a library to load; ends: raised
import importlib.machinery, importlib.util
open("/tmp/evil.so", "wb").write(b"\0asm\1\0\0\0")
spec = importlib.util.spec_from_loader("evil", importlib.machinery.ExtensionFileLoader("evil", "/tmp/evil.so"))
importlib.util.module_from_spec(spec)
print("PWNED")
#: the file system from the standard streams; ends: ok/raised
import os
for fd in range(3, 64):
    try:
        print("PWNED" if os.fstat(fd).st_size > 10 ** 6 and os.read(fd, 4) == b"" else "")
    except OSError:
        pass
#: reading the host through open flags; ends: raised; type: OSError
import os
os.open("/etc/shadow", os.O_RDONLY)
print("PWNED")
#: database on the host; ends: raised
import sqlite3
sqlite3.connect("/etc/evil.db").execute("create table evil (x)")
print("PWNED")
#: database in memory is allowed; ends: ok; prints: [(1,)]
import sqlite3
print(sqlite3.connect(":memory:").execute("select 1").fetchall())
