"""Starts a runner and joins its four streams into two, for where there are only standard input and output.

What comes in goes to the runner's requests. What goes out is in frames: a byte that says which descriptor of the
runner it is from, four bytes of length, and the bytes.
"""

import fcntl
import json
import os
import selectors
import struct
import sys

REPLY_FD, REQUEST_FD = 3, 4
FIRST_FREE = 10
CHUNK = 65536


def main():
    package, environment = sys.argv[1], json.loads(sys.argv[2])
    ends = {number: _pipe() for number in (1, 2, REPLY_FD, REQUEST_FD)}
    actions = [(os.POSIX_SPAWN_DUP2, os.open(os.devnull, os.O_RDONLY), 0)]
    for number, (read, write) in ends.items():
        actions.append((os.POSIX_SPAWN_DUP2, read if number == REQUEST_FD else write, number))
    start = f'import sys; sys.path.insert(0, {package!r}); import patchbay_guest.runner'
    arguments = [sys.executable, *sys.orig_argv[1 : sys.orig_argv.index('-c')], '-c', start]
    child = os.posix_spawn(sys.executable, arguments, environment, file_actions=actions)
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ, None)
        for number, (read, write) in ends.items():
            os.close(read if number == REQUEST_FD else write)
            if number != REQUEST_FD:
                selector.register(read, selectors.EVENT_READ, number)
        _pass_on(selector, ends[REQUEST_FD][1])
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def _pipe():
    """Both ends out of the way of the numbers that the runner has, and of the runner."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE) for end in ends)
    for end in ends:
        os.close(end)
    return moved


def _pass_on(selector, requests):
    """Until the runner has closed its streams. Ends this process, and so all of its namespace, when nobody asks any more."""
    while len(selector.get_map()) > 1:
        for key, _ in selector.select():
            data = os.read(key.fd, CHUNK)
            if key.data is None:
                if not data:
                    os._exit(0)
                _write(requests, data)
            elif data:
                _write(1, struct.pack('>BI', key.data, len(data)) + data)
            else:
                selector.unregister(key.fd)


def _write(number, data):
    while data:
        data = data[os.write(number, data) :]


main()
