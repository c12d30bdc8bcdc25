# Part of the driver: which variables there are, and what is told of each.
#
# What is told comes from methods of the values themselves. They run after every call, so none of them may keep a session
# from going on: one that took long, or that the end of a call interrupted, is not asked again.

import itertools
import json
import time
import types

MAX_LISTED = 50
MAX_TRACED_NAMES = 1000
MAX_SUMMARY_CHARS = 120
# Time for all variables, and for one of them once that is spent.
ALL_SHOWN_S = 0.5
ONE_SHOWN_S = 0.05

_known = {}
_slow = {}


def variables():
    """The JSON of every variable, in the order in which they were made."""
    return json.dumps([described for _, _, described in _described_variables()])


def _compare_variables():
    """New and changed variables since the last call. An object changed in place is seen by its summary."""
    global _known
    before, _known, new, changed = _known, {}, [], []
    for name, value, described in _described_variables():
        _known[name] = (id(value), described['summary'])
        if name not in before:
            new.append(described)
        elif before[name] != _known[name]:
            changed.append(described)
    return new[:MAX_LISTED], changed[:MAX_LISTED]


def _described_variables():
    _forget_slow()
    start = time.monotonic()
    found = ((name, value) for name, value in _main.items() if _is_variable(name, value))
    for name, value in list(itertools.islice(found, MAX_TRACED_NAMES)):
        yield name, value, _describe_variable(name, value, start)


def _forget_slow():
    """Those that are gone, or have another value."""
    for name in [name for name, number in _slow.items() if name not in _main or id(_main[name]) != number]:
        del _slow[name]


def _is_variable(name, value):
    # Not isinstance: that asks the value for its class, and one that is made at first use may refuse.
    return isinstance(name, str) and not name.startswith('_') and not issubclass(type(value), types.ModuleType)


def _describe_variable(name, value, start):
    kind = _type_name(value)
    summary = f'<{kind} that takes long to show>' if name in _slow else _summary(name, value, start)
    return {'name': name[:100], 'type': kind, 'summary': _cut_end(summary, MAX_SUMMARY_CHARS)}


def _summary(name, value, start):
    # Before it is asked: when the time of the call ends in the middle, nothing after that runs.
    _slow[name] = id(value)
    began = time.monotonic()
    data = _data_or_none(value)
    summary = _repr(value, 200) if data is None else data[1]
    ended = time.monotonic()
    if ended - start < ALL_SHOWN_S or ended - began < ONE_SHOWN_S:
        del _slow[name]
    return summary
