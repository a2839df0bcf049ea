#: socket; ends: raised; type: OSError
import socket
socket.create_connection(("127.0.0.1", @PORT@), 1)
#: raw socket by number; ends: raised; type: OSError
import socket
made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
made.connect(("127.0.0.1", @PORT@))
#: socket without waiting; ends: raised; type: OSError
import socket
made = socket.socket()
made.setblocking(False)
made.connect_ex(("127.0.0.1", @PORT@))
#: datagrams; ends: raised; type: OSError
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", @PORT@))
#: _socket; ends: raised; type: OSError
import _socket
_socket.socket().connect(("127.0.0.1", @PORT@))
#: socket over a file descriptor; ends: raised; type: OSError
import socket
socket.socket(fileno=1).connect(("127.0.0.1", @PORT@))
#: urllib; ends: raised; type: OSError
import urllib.request
urllib.request.urlopen("http://127.0.0.1:@PORT@/", timeout=1)
#: http.client; ends: raised; type: OSError
import http.client
http.client.HTTPConnection("127.0.0.1", @PORT@, timeout=1).request("GET", "/")
#: file URL to the host; ends: raised; type: OSError
import urllib.request
print("PWNED", urllib.request.urlopen("file:///etc/passwd").read())
#: asyncio connection; ends: raised
import asyncio
async def main():
    await asyncio.open_connection("127.0.0.1", @PORT@)
asyncio.run(main())
#: listening; ends: raised; type: OSError
import socket
socket.create_server(("127.0.0.1", 0))
print("PWNED")
#: unix socket; ends: raised
import socket
socket.socket(socket.AF_UNIX).connect("@CANARY@")
#: names; ends: raised; type: OSError
import socket
print("PWNED", socket.gethostbyname("localhost"))
#: pyodide's fetch; ends: raised
from pyodide.http import pyfetch
import asyncio
asyncio.run(pyfetch("http://127.0.0.1:@PORT@/"))
#: open_url; ends: raised
import pyodide.http
pyodide.http.open_url("http://127.0.0.1:@PORT@/")
#: JavaScript's fetch; ends: raised
import js
js.fetch("http://127.0.0.1:@PORT@/")
#: TLS; ends: raised; type: OSError
import ssl, socket
ssl.create_default_context().wrap_socket(socket.socket(), server_hostname="localhost").connect(("127.0.0.1", @PORT@))
#: mail; ends: raised; type: OSError
import smtplib
smtplib.SMTP("127.0.0.1", @PORT@, timeout=1)
#: package installer; ends: raised
import micropip
#: socket pair; ends: raised; type: OSError
import socket
socket.socketpair()
print("PWNED")
