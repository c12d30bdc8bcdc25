"""Gives up system calls for good: starting programs, sockets, and what could reach past a workspace or a memory limit.

A filter of the kernel's (seccomp), written with nothing but ctypes. Numbers are those of the kernel's tables for
x86-64 and 64-bit ARM.
"""

import ctypes
import errno
import os
import platform
import struct

PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
KILL_PROCESS = 0x80000000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
CLONE_THREAD = 0x10000
SETUID_SETGID = 0o6000
X32_CALLS = 0x40000000

MACHINES = {'x86_64': (0, 0xC000003E), 'aarch64': (1, 0xC00000B7)}

# Name to number on x86-64 and on ARM; None where there is none.
REFUSED = {
    # Programs and processes. Threads are left.
    'fork': (57, None),
    'vfork': (58, None),
    'execve': (59, 221),
    'execveat': (322, 281),
    'kill': (62, 129),
    'tkill': (200, 130),
    'rt_sigqueueinfo': (129, 138),
    'rt_tgsigqueueinfo': (297, 240),
    'pidfd_send_signal': (424, 424),
    'pidfd_open': (434, 434),
    'pidfd_getfd': (438, 438),
    'ptrace': (101, 117),
    'process_vm_readv': (310, 270),
    'process_vm_writev': (311, 271),
    'kcmp': (312, 272),
    'process_madvise': (440, 440),
    # The network. Pairs of sockets, which asyncio needs, stay, but cannot be given another address.
    'socket': (41, 198),
    'connect': (42, 203),
    'bind': (49, 200),
    'listen': (50, 201),
    'sendmsg': (46, 211),
    'sendmmsg': (307, 269),
    # Links and devices in the workspace, which other programs might follow.
    'symlink': (88, None),
    'symlinkat': (266, 36),
    'link': (86, None),
    'linkat': (265, 37),
    'mknod': (133, None),
    'mknodat': (259, 33),
    'name_to_handle_at': (303, 264),
    'open_by_handle_at': (304, 265),
    # Memory that no limit counts.
    'memfd_create': (319, 279),
    'memfd_secret': (447, 447),
    'shmget': (29, 194),
    'msgget': (68, 186),
    'semget': (64, 190),
    # Namespaces and mounts.
    'unshare': (272, 97),
    'setns': (308, 268),
    'mount': (165, 40),
    'umount2': (166, 39),
    'pivot_root': (155, 41),
    'chroot': (161, 51),
    'open_tree': (428, 428),
    'move_mount': (429, 429),
    'fsopen': (430, 430),
    'fsconfig': (431, 431),
    'fsmount': (432, 432),
    'fspick': (433, 433),
    'mount_setattr': (442, 442),
    # Parts of the kernel that a computation has no use for.
    'bpf': (321, 280),
    'perf_event_open': (298, 241),
    'userfaultfd': (323, 282),
    'io_uring_setup': (425, 425),
    'io_uring_enter': (426, 426),
    'io_uring_register': (427, 427),
    'add_key': (248, 217),
    'request_key': (249, 218),
    'keyctl': (250, 219),
    'init_module': (175, 105),
    'finit_module': (313, 273),
    'delete_module': (176, 106),
    'kexec_load': (246, 104),
    'kexec_file_load': (320, 294),
    'reboot': (169, 142),
    'swapon': (167, 224),
    'swapoff': (168, 225),
    'acct': (163, 89),
    'quotactl': (179, 60),
    'syslog': (103, 116),
    'iopl': (172, None),
    'ioperm': (173, None),
}

# Where there are no namespaces: what reaches processes and files that other rules cannot keep out of reach.
REFUSED_WITHOUT_NAMESPACES = {
    'setpriority': (141, 140),
    'ioprio_set': (251, 30),
    'sched_setparam': (142, 118),
    'sched_setscheduler': (144, 119),
    'sched_setattr': (314, 274),
    'sched_setaffinity': (203, 122),
    'migrate_pages': (256, 238),
    'move_pages': (279, 239),
    'mq_open': (240, 180),
    'mq_unlink': (241, 181),
    'inotify_init': (253, None),
    'inotify_init1': (294, 26),
    'fanotify_init': (300, 262),
    'chown': (92, None),
    'fchown': (93, 55),
    'lchown': (94, None),
    'fchownat': (260, 54),
    'setxattr': (188, 5),
    'lsetxattr': (189, 6),
    'fsetxattr': (190, 7),
    'removexattr': (197, 14),
    'lremovexattr': (198, 15),
    'fremovexattr': (199, 16),
    'setxattrat': (463, 463),
    'removexattrat': (466, 466),
    'file_setattr': (469, 469),
}

# Landlock has no right for these. They do nothing and say that they did: copying a file ends with them.
WITHOUT_EFFECT = {
    'chmod': (90, None),
    'fchmod': (91, 52),
    'fchmodat': (268, 53),
    'fchmodat2': (452, 452),
    'utime': (132, None),
    'utimes': (235, None),
    'futimesat': (261, None),
    'utimensat': (280, 88),
}

# System call, which argument, values that are refused: ways to have a signal sent to others, to type into a terminal,
# and to outlive the server.
REFUSED_ARGUMENTS = {
    'fcntl': ((72, 25), 1, (8, 10, 15)),  # F_SETOWN, F_SETSIG, F_SETOWN_EX
    'ioctl': ((16, 29), 1, (0x8901, 0x8902, 0x5412)),  # FIOSETOWN, SIOCSPGRP, TIOCSTI
    'prctl': ((157, 167), 0, (1,)),  # PR_SET_PDEATHSIG
}

# Their first argument is a process; only this one is allowed.
OWN_PROCESS_ONLY = {'tgkill': (234, 131), 'prlimit64': (302, 261)}

SENDTO, SENDTO_ADDRESS_LENGTH = (44, 206), 5

# Their arguments are behind a pointer, which a filter cannot follow; libraries use the older call instead.
UNKNOWN = {'clone3': (435, 435), 'openat2': (437, 437)}

CLONE = (56, 220)

# Which argument is the mode of a file: a program of the workspace must not get the rights of its owner.
MODES = {
    'open': (2, None, 2),
    'creat': (85, None, 1),
    'openat': (257, 56, 3),
    'chmod': (90, None, 1),
    'fchmod': (91, 52, 1),
    'fchmodat': (268, 53, 2),
    'fchmodat2': (452, 452, 2),
    'mkdir': (83, None, 1),
    'mkdirat': (258, 34, 2),
}


def install(has_namespaces):
    """Puts the filter in force for this process, which cannot take it back. Raises OSError where that fails."""
    code = _program(has_namespaces)
    instructions = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack('HxxxxxxQ', len(code) // 8, ctypes.addressof(instructions)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f'seccomp: {os.strerror(number)}')


def _program(has_namespaces):
    machine = platform.machine()
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, f'no list of system calls for {machine}')
    column, architecture = MACHINES[machine]
    refuse, unknown = _fail(errno.EPERM), _fail(errno.ENOSYS)
    parts = [
        _step(LOAD, ARCHITECTURE_AT),
        _step(EQUAL, architecture, 1, 0),
        _step(RETURN, KILL_PROCESS),
        _step(LOAD, NUMBER_AT),
    ]
    if machine == 'x86_64':
        parts += [_step(AT_LEAST, X32_CALLS, 0, 1), refuse]
    lists = [(refuse, REFUSED), (unknown, UNKNOWN)]
    if not has_namespaces:
        lists += [(refuse, REFUSED_WITHOUT_NAMESPACES), (_fail(0), WITHOUT_EFFECT)]
    for action, calls in lists:
        for numbers in calls.values():
            if numbers[column] is not None:
                parts += [_step(EQUAL, numbers[column], 0, 1), action]
    parts += _look(CLONE[column], 0, CLONE_THREAD, _step(RETURN, ALLOW), refuse)
    parts += _look(SENDTO[column], SENDTO_ADDRESS_LENGTH, 0xFFFFFFFF, refuse, _step(RETURN, ALLOW))
    if not has_namespaces:
        for numbers, argument, values in REFUSED_ARGUMENTS.values():
            parts += _compare(numbers[column], argument, values, refuse, _step(RETURN, ALLOW))
        for numbers in OWN_PROCESS_ONLY.values():
            parts += _compare(numbers[column], 0, (0, os.getpid()), _step(RETURN, ALLOW), refuse)
    for *numbers, argument in MODES.values():
        if numbers[column] is not None:
            parts += _look(numbers[column], argument, SETUID_SETGID, refuse, _step(RETURN, ALLOW))
    parts.append(_step(RETURN, ALLOW))
    return b''.join(parts)


def _look(number, argument, bits, with_any, with_none):
    """Decides one system call by the lower half of one of its arguments."""
    return [
        _step(EQUAL, number, 0, 4),
        _step(LOAD, ARGUMENTS_AT + 8 * argument),
        _step(ANY_BIT, bits, 0, 1),
        with_any,
        with_none,
    ]


def _compare(number, argument, values, with_one, with_none):
    """Decides one system call by whether the lower half of one of its arguments is one of ``values``."""
    tests = [part for value in values for part in (_step(EQUAL, value, 0, 1), with_one)]
    steps = [_step(LOAD, ARGUMENTS_AT + 8 * argument), *tests, with_none]
    return [_step(EQUAL, number, 0, len(steps)), *steps]


def _fail(number):
    return _step(RETURN, 0x00050000 | number)


def _step(operation, value, if_true=0, if_false=0):
    return struct.pack('HBBI', operation, if_true, if_false, value)
