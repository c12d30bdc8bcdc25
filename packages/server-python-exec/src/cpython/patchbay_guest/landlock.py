"""Gives up every file but those named, and every capability, for good. Written with nothing but ctypes (Landlock).

Names and numbers are those of the kernel's include/uapi/linux/landlock.h and capability.h; the system calls have the
same numbers on x86-64 and 64-bit ARM.
"""

import ctypes
import errno
import os
import stat
import struct

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
RULE_PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS = 38
CAPSET = {'x86_64': 126, 'aarch64': 91}
CAPABILITY_VERSION_3 = 0x20080522

# From this version on, truncating a file is a right of its own (Linux 6.2); before, any file could be emptied.
OLDEST_ABI = 3

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
REFER, TRUNCATE = 1 << 13, 1 << 14
NET_RIGHTS = 3
SCOPES = 3

READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def restrict(readable, writable):
    """Puts the rules in force for this thread and those that it starts. Raises OSError where that fails."""
    abi = _libc.syscall(CREATE_RULESET, None, 0, VERSION_FLAG)
    if abi < OLDEST_ABI:
        raise OSError(errno.ENOSYS, f'Landlock is of version {max(abi, 0)} here, {OLDEST_ABI} is needed (Linux 6.2)')
    rights = (1 << (16 if abi >= 5 else 15)) - 1
    attributes = struct.pack('QQQ', rights, NET_RIGHTS, SCOPES)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = _check(_libc.syscall(CREATE_RULESET, attributes, len(attributes), 0))
    for paths, access in ((readable, READ), (writable, WRITE)):
        for path in paths:
            _add(rules, path, access)
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _drop_capabilities()
    _check(_libc.syscall(RESTRICT_SELF, rules, 0))
    os.close(rules)


def _add(rules, path, access):
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(folder).st_mode):
        access &= OF_A_FILE
    _check(_libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, struct.pack('=Qi', access, folder), 0))
    os.close(folder)


def _drop_capabilities():
    header = ctypes.create_string_buffer(struct.pack('Ii', CAPABILITY_VERSION_3, 0))
    none = ctypes.create_string_buffer(24)
    _check(_libc.syscall(CAPSET[os.uname().machine], header, none))


def _check(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f'Landlock: {os.strerror(number)}')
    return result
