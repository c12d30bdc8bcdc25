import type { Attempt } from './attempt.ts';

/** What namespaces keep out of sight, and rules on files and system calls must refuse one by one. */
export const landlockAttempts: readonly Attempt[] = [
  [
    'the rights of a file outside',
    'import os\nos.chmod("FOLDER/secret.txt", 0o777)\nos.stat("FOLDER/secret.txt").st_mode & 0o777 == 0o777 and print("ESC" "APED")',
  ],
  [
    'the times of a file outside',
    'import os\nos.utime("FOLDER/secret.txt", (1, 1))\nos.stat("FOLDER/secret.txt").st_mtime == 1 and print("ESC" "APED")',
  ],
  ['the owner of a file outside', 'import os\nos.chown("FOLDER/secret.txt", -1, -1)\n"ESCAPED"'],
  [
    'an attribute of a file outside',
    'import os\nos.setxattr("FOLDER/secret.txt", "user.made", b"x")\n"ESCAPED"',
  ],
  ['watching a file outside', 'import ctypes\nctypes.CDLL(None).inotify_init() >= 0 and print("ESC" "APED")'],
  [
    'a queue of messages',
    'import ctypes\nctypes.CDLL(None).mq_open(b"/patchbay", 0o102, 0o600, None) >= 0 and print("ESC" "APED")',
  ],
  ['outliving the server', 'import ctypes\nctypes.CDLL(None).prctl(1, 0) == 0 and print("ESC" "APED")'],
  [
    'a folder of all sessions',
    'import os, tempfile\nos.listdir(os.path.dirname(tempfile.gettempdir()))\n"ESCAPED"',
  ],
  ['a temporary file next to its folder', 'open("TMP/patchbay-made", "x")\n"ESCAPED"'],
  ['shared memory', 'open("/dev/shm/patchbay-made", "x")\n"ESCAPED"'],
  ['its own memory', 'open("/proc/self/mem", "r+b")\n"ESCAPED"'],
  ['rights of the first user', 'import os\nos.setuid(0)\nopen("/etc/shadow").read()\n"ESCAPED"'],
  ['capabilities that were dropped', 'import os\nos.chroot(".")\n"ESCAPED"'],
  ['the clock', 'import time\ntime.clock_settime(time.CLOCK_REALTIME, time.time())\n"ESCAPED"'],
];
