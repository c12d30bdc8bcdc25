# Runs a model's code in this interpreter and says, as JSON, what came of it.
#
# The code lives in the namespace of __main__. Names of this module are out of its way, but not out of its reach:
# code that breaks them breaks its own session, nothing else.

import ast
import asyncio
import inspect
import itertools
import json
import linecache
import math
import random
import sys
import traceback
import warnings

MAX_MESSAGE_CHARS = 2000
MAX_TRACE_CHARS = 4000
MAX_TRACE_FRAMES = 300
MAX_JSON_CHARS = 20_000
KEPT_SOURCES = 50
LARGEST_SAFE_INTEGER = 2**53 - 1
RESULT = '__patchbay_value__'

_main = sys.modules['__main__'].__dict__
_workspace = None
_sources = []
_calls = itertools.count(1)


def start(workspace):
    """Once for each interpreter. One that comes from a memory snapshot would repeat the snapshot's random numbers."""
    global _workspace
    _workspace = workspace
    random.seed()
    # Showing a figure where there is no screen: it is shown in the answer.
    warnings.filterwarnings('ignore', message='.*cannot (be shown|show the figure)')
    sys.path_importer_cache.clear()
    import os

    os.chdir(workspace)
    os.environ['PWD'] = workspace
    return json.dumps({'pythonVersion': '.'.join(str(part) for part in sys.version_info[:3])})


def run(source, max_chars):
    """Runs ``source`` and returns the JSON of what it left behind; raises only when describing that fails."""
    filename = f'<call {next(_calls)}>'
    _remember_source(filename, source)
    _restore_streams()
    asyncio._set_running_loop(None)
    outcome = {}
    try:
        value = _execute(source, filename)
        if value is not None:
            outcome['value'] = _describe_value(value, max_chars)
        outcome['figures'] = _collect_figures()
    except SystemExit as error:
        if error.code not in (None, 0):
            outcome['error'] = _describe_error(error, filename)
    except BaseException as error:
        outcome['error'] = _describe_error(error, filename)
    finally:
        _main.pop(RESULT, None)
    outcome['newVariables'], outcome['changedVariables'] = _compare_variables()
    _flush()
    return json.dumps(outcome)


def _execute(source, filename):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', SyntaxWarning)
        tree = ast.parse(source, filename)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1]
        target = ast.copy_location(ast.Name(RESULT, ast.Store()), last)
        tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)
    code = compile(tree, filename, 'exec', flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    waiting = eval(code, _main)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(waiting)
    return _main.get(RESULT)


def _describe_value(value, max_chars):
    text, _, plain = _data_or_none(value) or (_repr(value, 20_000), '', value)
    described = {'repr': _cut(text, max_chars), 'type': _type_name(value)}
    if plain is not None and _is_plain(plain, 5000) and len(json.dumps(plain)) <= MAX_JSON_CHARS:
        described['json'] = plain
    return described


def _data_or_none(value):
    try:
        return _describe_data(value)
    except Exception:
        return None


def _describe_error(error, filename):
    lines = ''.join(_user_trace(error).format())
    if isinstance(error, SyntaxError) and error.filename == filename:
        message, line = error.msg, error.lineno
    else:
        message, line = _message(error), _innermost_line(error.__traceback__, filename)
    return {
        'type': _type_name(error),
        'message': _cut(str(message), MAX_MESSAGE_CHARS),
        'line': line,
        'traceback': _cut(lines, MAX_TRACE_CHARS),
    }


def _message(error):
    try:
        return str(error)
    except Exception:
        return '(the exception has no readable message)'


def _user_trace(error):
    trace = traceback.TracebackException.from_exception(error, limit=-MAX_TRACE_FRAMES)
    waiting = [trace]
    while waiting:
        part = waiting.pop()
        own = [frame for frame in part.stack if frame.filename.startswith('<call ')]
        part.stack = traceback.StackSummary.from_list(own)
        linked = [part.__cause__, part.__context__, *(getattr(part, 'exceptions', None) or ())]
        waiting.extend(each for each in linked if each is not None)
    return trace


def _innermost_line(trace, filename):
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _type_name(value):
    kind = type(value)
    name = 'type' if issubclass(kind, type) else kind.__qualname__
    return name[:100] if kind.__module__ in ('builtins', '__main__') else f'{kind.__module__}.{name}'[:100]


def _repr(value, budget, depth=0):
    """``repr(value)``, but only the beginning of what is too large to be worth the time and memory."""
    try:
        return repr(value) if _is_small(value, budget) else _beginning(value, budget, depth)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return f'<{_type_name(value)} whose repr raised {type(error).__name__}>'


def _beginning(value, budget, depth):
    kind = type(value)
    if kind is int:
        return f'<int of about {int(value.bit_length() * math.log10(2)) + 1} digits>'
    if kind in (str, bytes, bytearray):
        return f'{value[:budget]!r}... ({len(value)} long)'
    if depth > 3:
        return f'<{kind.__name__} of {len(value)} items>'
    first = itertools.islice(value.items() if kind is dict else value, 10 if budget < 1000 else 1000)
    inner = ', '.join(_repr(item, budget // 10, depth + 1) for item in first)
    return f'<{kind.__name__} of {len(value)} items, beginning with {inner}>'


def _is_small(value, budget):
    """Whether ``value`` holds at most ``budget`` parts, judged without calling any of its methods."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind in (str, bytes, bytearray):
            budget -= len(item) // 50
        elif kind is int:
            budget -= item.bit_length() // 50
            if item.bit_length() > 14_000:
                return False
        elif kind in (list, tuple, set, frozenset, dict):
            budget -= len(item)
            if budget >= 0:
                waiting.extend(item)
                waiting.extend(item.values() if kind is dict else ())
        budget -= 1
        if budget < 0:
            return False
    return True


def _is_plain(value, budget):
    """Whether JSON can say ``value`` without loss, apart from tuples, which become lists."""
    if not _is_small(value, budget):
        return False
    waiting = [value]
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind is dict:
            if not all(type(key) is str for key in item):
                return False
            waiting.extend(item.values())
        elif kind in (list, tuple):
            waiting.extend(item)
        elif kind is int:
            if abs(item) > LARGEST_SAFE_INTEGER:
                return False
        elif kind is float:
            if not math.isfinite(item):
                return False
        elif kind is not str and kind is not bool and item is not None:
            return False
    return True


def _cut(text, limit):
    if len(text) <= limit:
        return text
    half = limit // 2
    return f'{text[:half]}\n[... {len(text) - 2 * half} characters omitted ...]\n{text[-half:]}'


def _cut_end(text, limit):
    return text if len(text) <= limit else f'{text[: limit - 3]}...'


def _remember_source(filename, source):
    """Lets tracebacks and ``inspect.getsource`` show the lines of the code."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    _sources.append(filename)
    if len(_sources) > KEPT_SOURCES:
        linecache.cache.pop(_sources.pop(0), None)


def _restore_streams():
    """Undoes what an earlier call did to the streams, and makes lines arrive as they are written."""
    import os

    for number, name in ((1, 'stdout'), (2, 'stderr')):
        # Raises when the code has closed it: what is printed would be lost.
        os.fstat(number)
        stream = getattr(sys, f'__{name}__')
        if stream is None or stream.closed:
            stream = open(number, 'w', encoding='utf-8', closefd=False)
            setattr(sys, f'__{name}__', stream)
        stream.reconfigure(line_buffering=True, errors='backslashreplace')
        setattr(sys, name, stream)


def _flush():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except Exception:
            continue
