#: endless printing; ends: output_limit
while True:
    print("x" * 1_000)
#: one great print; ends: output_limit/ok/out_of_memory
print("x" * 20_000_000)
#: small flushed prints; ends: output_limit/timed_out
while True:
    print("x", flush=True)
#: flood of stderr; ends: output_limit
import sys
while True:
    sys.stderr.write("x" * 1_000)
#: flood of fd 1; ends: output_limit
import os
while True:
    os.write(1, b"x" * 10_000)
#: flood through a duplicate; ends: output_limit
import os
fd = os.dup(1)
while True:
    os.write(fd, b"x" * 10_000)
#: flood that swallows errors; ends: output_limit
while True:
    try:
        print("x" * 10_000, flush=True)
    except BaseException:
        pass
#: flood through /dev/stdout; ends: output_limit/raised
with open("/dev/stdout", "w") as out:
    while True:
        out.write("x" * 10_000)
#: flood of warnings; ends: output_limit/timed_out
import warnings
warnings.simplefilter("always")
while True:
    warnings.warn("x" * 1_000)
#: a hundred kilobytes are cut; ends: ok; cut: yes
print("x" * 100_000)
#: huge exception; ends: raised; type: ValueError
raise ValueError("x" * 10_000_000)
#: huge class name; ends: raised/ok
raise type("X" * 1_000_000, (Exception,), {})("x")
#: bytes that are no text; ends: ok
import sys
sys.stdout.buffer.write(bytes(range(256)))
