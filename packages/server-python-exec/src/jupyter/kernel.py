# Part of the driver in a Jupyter kernel: the kernel has streams and an event loop of its own, which must stay.

import base64

_hidden = set()
outcome = ''


def start_in_kernel(folder):
    import os

    start(folder or os.getcwd())
    _hidden.update(_main)


def run_in_kernel(source, max_chars):
    """Leaves the outcome of ``source``, which is base64, in ``outcome``, as base64 too."""
    global outcome
    outcome = ''
    loop = asyncio._get_running_loop()
    try:
        text = run(base64.b64decode(source).decode(), max_chars)
    finally:
        asyncio._set_running_loop(loop)
    outcome = base64.b64encode(text.encode()).decode()


def list_in_kernel():
    global outcome
    outcome = base64.b64encode(variables().encode()).decode()


def ask_in_kernel(source):
    """Leaves what ``source`` prints in ``outcome``."""
    global outcome
    import contextlib
    import io

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(base64.b64decode(source).decode(), {})
    outcome = base64.b64encode(printed.getvalue().encode()).decode()


def _restore_streams():
    pass


def _is_variable(name, value):
    is_own = name in _hidden or name.startswith('_') or issubclass(type(value), types.ModuleType)
    return not is_own
