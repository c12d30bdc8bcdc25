"""Serves calls: reads a line of JSON a call on one descriptor, answers on another.

What the code prints goes to descriptors 1 and 2 as it comes. After a call, a mark that only the server knows tells
it where the output of that call ends.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import types

from . import landlock, seccomp

PR_SET_PDEATHSIG = 1
REPLY_FD = 3
REQUEST_FD = 4
REPEAT_S = 0.2
LIST_LIMIT_S = 3.0
MAX_OPEN_FILES = 256
MOST_INHERITED = 65536
# What a call takes of the memory at most, with its part of a traceback, when its function is a small one.
CALL_BYTES = 1024

_is_armed = False
_is_interrupted = False


def main():
    # Where this package is, which the code has no use for.
    del sys.path[0]
    # Whoever started the server may have left descriptors open, which would come with it into the sandbox.
    os.closerange(REQUEST_FD + 1, MOST_INHERITED)
    requests = os.fdopen(REQUEST_FD, 'rb')
    order = json.loads(requests.readline())
    outputs = [os.dup(1), os.dup(2)]
    sys.modules['__main__'] = types.ModuleType('__main__')
    driver = types.ModuleType('patchbay_driver')
    sys.modules[driver.__name__] = driver
    exec(compile(order['driver'], 'patchbay_driver.py', 'exec'), driver.__dict__)
    if 'packages' in order:
        sys.path.append(order['packages'])
    driver.start(order['workspace'])
    _limit(order)
    _limit_recursion(order['memoryBytes'])
    _seal(order)
    _reply({'kind': 'ready'})
    for line in requests:
        request = json.loads(line)
        if request['kind'] == 'variables':
            _reply_variables(driver, request['id'])
        else:
            reply = _run(driver, request, order['maxOutputChars'])
            for number, output in zip((1, 2), outputs):
                os.dup2(output, number)
                _write(output, f"{order['mark']}{request['id']}\n".encode())
            _reply(reply)


def _seal(order):
    """Gives up what the code must not have. Namespaces, where there are any, were made by whoever started us."""
    walls = order['walls']
    if walls != 'namespaces':
        _die_with_parent(order['parent'])
    if walls == 'landlock':
        landlock.restrict(order['readable'], order['writable'])
    if walls != 'none':
        seccomp.install(has_namespaces=walls == 'namespaces')


def _die_with_parent(parent):
    if not sys.platform.startswith('linux'):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit('the server is gone')


def _run(driver, request, max_chars):
    global _is_interrupted
    _is_interrupted = False
    try:
        try:
            _arm(request['timeoutMs'] / 1000)
            outcome = json.loads(driver.run(request['code'], max_chars))
        finally:
            _disarm()
    except BaseException as error:
        # The driver reports what the code raises. This is the driver's own: out of memory, or interrupted.
        _disarm()
        raised = {'type': type(error).__name__, 'message': str(error)[:200], 'line': None, 'traceback': ''}
        outcome = {'error': raised, 'newVariables': [], 'changedVariables': []}
    reply = {'kind': 'ran', 'id': request['id'], 'isInterrupted': _is_interrupted, 'outcome': outcome}
    return {**reply, 'stdout': '', 'stderr': ''}


def _reply_variables(driver, call):
    try:
        try:
            _arm(LIST_LIMIT_S)
            variables = json.loads(driver.variables())
        finally:
            _disarm()
    except BaseException:
        _disarm()
        raise
    _reply({'kind': 'variables', 'id': call, 'variables': variables})


def _arm(seconds):
    """Raises KeyboardInterrupt when the time is up, and again and again while the code goes on."""
    global _is_armed
    signal.signal(signal.SIGALRM, _interrupt)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    _is_armed = True
    signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_S)


def _disarm():
    global _is_armed
    _is_armed = False
    signal.setitimer(signal.ITIMER_REAL, 0)


def _interrupt(number, frame):
    global _is_interrupted
    if _is_armed:
        _is_interrupted = True
        raise KeyboardInterrupt


def _limit(order):
    limits = {
        resource.RLIMIT_DATA: order['memoryBytes'],
        # Memory that is shared is not data, but it has addresses; so have the libraries, which are not counted else.
        resource.RLIMIT_AS: 2 * order['memoryBytes'] + 1024**3,
        resource.RLIMIT_FSIZE: order['maxFileBytes'],
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for name, most in limits.items():
        hard = resource.getrlimit(name)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(name, (most, most))
        except (OSError, ValueError):
            # Not every system has every limit. Behind walls, that would be a hole.
            if order['walls'] != 'none':
                raise


def _limit_recursion(memory):
    """Keeps code that raises Python's own limit from filling the memory with calls, at which Python crashes, then or later."""
    raise_limit = sys.setrecursionlimit

    def setrecursionlimit(limit, /):
        raise_limit(min(limit, memory // CALL_BYTES))

    sys.setrecursionlimit = setrecursionlimit


def _reply(message):
    _write(REPLY_FD, (json.dumps(message) + '\n').encode())


def _write(number, data):
    while data:
        data = data[os.write(number, data) :]


main()
