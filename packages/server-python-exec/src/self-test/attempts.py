# Part of the driver: runs in the sandbox before any other code, tries what must not work, and tells what worked. The
# interpreter is used afterwards, so that nothing of this may stay in it.

import itertools
import json
import os
import socket
import subprocess
import sys


def try_to_get_out(given):
    global _calls
    given = json.loads(given)
    reached = []

    def attempt(name, work):
        try:
            if work() is not False:
                reached.append(name)
        except (OSError, NotImplementedError, AttributeError, subprocess.SubprocessError):
            pass

    def read():
        with open(given['canary']) as file:
            return file.read()

    def fork():
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)

    def send(kind):
        with socket.socket(socket.AF_INET, kind) as sender:
            sender.settimeout(1)
            sender.connect(('127.0.0.1', given['port']))
            sender.send(b'x')

    def make_unix_socket():
        socket.socket(socket.AF_UNIX).close()

    def connect_elsewhere():
        left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with left, right:
            try:
                left.sendto(b'x', given['socket'])
            except PermissionError:
                return False
            except OSError:
                # There is none. That one was looked for is what counts.
                return True

    def make(work, path):
        work(path)
        os.remove(path)

    attempt('read a file outside the workspace', read)
    attempt('write outside the workspace', lambda: open(f"{given['folder']}/patchbay-made", 'x').close())
    attempt('connect to this machine', lambda: send(socket.SOCK_STREAM))
    attempt('start a program', lambda: subprocess.run([sys.executable, '-c', ''], check=True))
    attempt('start a shell', lambda: os.system(':') == 0)
    attempt('fork', fork)
    attempt('signal the server', lambda: os.kill(given['pid'], 0))
    attempt('see the environment', lambda: bool(set(os.environ) - set(given['environment'])))
    # An interpreter with a file system and a network of its own making may do as it likes there.
    if not given['isVirtual']:
        attempt('look into processes', lambda: str(given['pid']) in os.listdir('/proc'))
        for folder in given['readOnly']:
            path = f'{folder}/patchbay-made'
            attempt(f'write to {folder}', lambda path=path: make(lambda path: open(path, 'x').close(), path))
        attempt('send a datagram', lambda: send(socket.SOCK_DGRAM))
        attempt('make a Unix socket', make_unix_socket)
        attempt('reach a Unix socket', connect_elsewhere)
        attempt('make a link', lambda: make(lambda path: os.symlink(given['canary'], path), 'patchbay-link'))

    # The next call is the first: its source takes the place of the one that asked for this.
    _calls = itertools.count(1)
    return {'reached': reached}
