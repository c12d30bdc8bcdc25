import type { Attempt } from './attempt.ts';

/** System calls by number, on x86-64 and on ARM: what a library of C or machine code would do. */
const CALL = `
import ctypes, platform
def call(x86, arm, *args):
  libc = ctypes.CDLL(None, use_errno=True)
  if libc.syscall(x86 if platform.machine() == "x86_64" else arm, *args) >= 0: print("ESC" "APED")
`;

/** Ways past the walls of the kernel, by system calls and files. */
export const kernelAttempts: readonly Attempt[] = [
  ['a process by the system call', `${CALL}\ncall(57, 220, 17)`],
  ['a program by the system call', `${CALL}\ncall(59, 221, b"/bin/true", 0, 0)`],
  ['a process in namespaces of its own', `${CALL}\ncall(56, 220, 0x10000000 | 17, 0, 0, 0, 0)`],
  ['the newest call for a process', `${CALL}\ncall(435, 435, ctypes.create_string_buffer(88), 88)`],
  ['a user namespace', `${CALL}\ncall(272, 97, 0x10000000)`],
  ['a mount', `${CALL}\ncall(165, 40, b"/", b"/tmp", 0, 4096, 0)`],
  ['making the system writable', `${CALL}\ncall(165, 40, 0, b"/usr", 0, 32 | 4096, 0)`],
  ['another root', `${CALL}\ncall(161, 51, b"/tmp")`],
  ['a socket by the system call', `${CALL}\ncall(41, 198, 2, 1, 0)`],
  ['io_uring', `${CALL}\ncall(425, 425, 4, ctypes.create_string_buffer(256))`],
  ['bpf', `${CALL}\ncall(321, 280, 0, ctypes.create_string_buffer(128), 128)`],
  ['ptrace', `${CALL}\ncall(101, 117, 16, 1, 0, 0)`],
  ['keys of the kernel', `${CALL}\ncall(250, 219, 0, -3, 1)`],
  ['memory that is a file', 'import os\nos.memfd_create("m")\n"ESCAPED"'],
  [
    'a file handle',
    `${CALL}\ncall(303, 264, -100, b"mine.txt", ctypes.create_string_buffer(256), ctypes.byref(ctypes.c_int()), 0)`,
  ],
  [
    'a call by the numbers of another architecture',
    'import ctypes, mmap\nm = mmap.mmap(-1, 4096, prot=7)\nm.write(bytes.fromhex("b814000000cd80c3"))\nctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()\n"ESCAPED"',
  ],
  ['a call by the x32 numbers', `${CALL}\ncall(0x40000000 + 39, 0x40000000 + 172)`],
  [
    'a set-user-id file',
    'import os\nos.chmod("mine.txt", 0o4755)\nos.stat("mine.txt").st_mode & 0o4000 and print("ESC" "APED")',
  ],
  ['a new set-user-id file', 'import os\nos.open("fresh", os.O_CREAT | os.O_WRONLY, 0o4755)\n"ESCAPED"'],
  ['a set-group-id folder', 'import os\nos.mkdir("fresh", 0o2755)\nos.chmod("fresh", 0o2755)\n"ESCAPED"'],
  ['a device', 'import os, stat\nos.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))\n"ESCAPED"'],
  ['a named pipe', 'import os\nos.mkfifo("pipe")\n"ESCAPED"'],
  ['the disk', 'open("/dev/sda", "rb").read(1)\n"ESCAPED"'],
  ['the memory of the machine', 'open("/dev/mem", "rb").read(1)\n"ESCAPED"'],
  ['the terminal of the server', 'open("/dev/tty", "w").write("x")\n"ESCAPED"'],
  ['processes outside', 'import os\nos.listdir("/proc")\n"ESCAPED"'],
  ['the first process', 'import os\nos.kill(1, 9)\n"ESCAPED"'],
  ['the account of the server', 'import os, pathlib\nos.listdir(pathlib.Path("HOME"))\n"ESCAPED"'],
  ['/etc', 'import os\nopen("/etc/passwd"); print("ESCAPED")'],
  ['/sys', 'import os\nos.listdir("/sys")\n"ESCAPED"'],
  ['the system', 'open("/usr/lib/made", "w")\n"ESCAPED"'],
  ['the root folder', 'open("/made", "w")\n"ESCAPED"'],
  [
    'the program that runs it',
    'import sys\nopen(sys.modules["patchbay_guest.runner"].__file__, "a")\n"ESCAPED"',
  ],
  ['a device folder', 'open("/dev/made", "w")\n"ESCAPED"'],
  [
    'a path below an open folder',
    'import os\nfd = os.open(".", os.O_RDONLY)\nos.open("../../../../FOLDER/secret.txt", os.O_RDONLY, dir_fd=fd)\n"ESCAPED"',
  ],
  ['closing every descriptor', 'import os\nos.closerange(0, 256)'],
  ['garbage on the reply channel', 'import os\nos.write(3, b"garbage\\n")\nimport time; time.sleep(1)'],
  [
    'a made-up reply',
    'import os\nos.write(3, b\'{"kind":"ran","id":1,"isInterrupted":false,"outcome":{"value":{"repr":"1","type":"x"},"newVariables":[],"changedVariables":[]},"stdout":"","stderr":""}\\n\')',
  ],
  ['a reply that does not end', 'import os\nwhile True: os.write(3, b"x" * 65536)'],
  [
    'an abstract Unix socket',
    'import socket\nsocket.socket(socket.AF_UNIX).connect("\\0anything")\n"ESCAPED"',
  ],
  ['a raw socket', 'import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n"ESCAPED"'],
  ['a netlink socket', 'import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)\n"ESCAPED"'],
  [
    'capabilities',
    `${CALL}\ncall(126, 91, ctypes.create_string_buffer(bytes.fromhex("2205082000000000")), ctypes.create_string_buffer(b"\\xff" * 24))`,
  ],
  ['higher limits', 'import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))\n"ESCAPED"'],
  ['the name of the machine', 'import socket\nsocket.sethostname("made")\n"ESCAPED"'],
  [
    'a datagram socket with the address of another',
    `${CALL}\nimport socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendto(b"x", "FOLDER/server.sock")\nprint("ESC" "APED")`,
  ],
  [
    'a message with an address',
    'import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendmsg([b"x"], [], 0, "FOLDER/server.sock")\n"ESCAPED"',
  ],
  [
    'an abstract socket',
    'import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendto(b"x", "\\0patchbay")\n"ESCAPED"',
  ],
  ['emptying a file outside', 'import os\nos.truncate("FOLDER/secret.txt", 0)\n"ESCAPED"'],
  [
    'emptying a file outside by opening it',
    'import os\nos.open("FOLDER/secret.txt", os.O_RDONLY | os.O_TRUNC)\n"ESCAPED"',
  ],
  ['removing a file outside', 'import os\nos.remove("FOLDER/secret.txt")\n"ESCAPED"'],
  ['moving a file in', 'import os\nos.rename("FOLDER/secret.txt", "stolen.txt")\nopen("stolen.txt").read()'],
  ['listing the folder above', 'import os\nos.listdir("FOLDER")\n"ESCAPED"'],
  [
    'the temporary files of the machine',
    'import os\n"FOLDER" in str(os.listdir("TMP")) or os.listdir("FOLDER")\nopen("TMP/../FOLDER/secret.txt").read()',
  ],
  [
    'limits of the server',
    'import resource\nresource.prlimit(SERVER, resource.RLIMIT_NOFILE, (1, 1))\n"ESCAPED"',
  ],
  [
    'limits of the server by the system call',
    `${CALL}\ncall(302, 261, SERVER, 7, ctypes.create_string_buffer(16), 0)`,
  ],
  ['the priority of the server', 'import os\nos.setpriority(os.PRIO_PROCESS, SERVER, 19)\n"ESCAPED"'],
  ['the processors of the server', 'import os\nos.sched_setaffinity(SERVER, {0})\n"ESCAPED"'],
  [
    'the scheduling of the server',
    'import os\nos.sched_setscheduler(SERVER, os.SCHED_IDLE, os.sched_param(0))\n"ESCAPED"',
  ],
  ['a signal to a thread of the server', `${CALL}\ncall(234, 131, SERVER, SERVER, 0)`],
  ['a signal by a thread number', `${CALL}\ncall(200, 130, SERVER, 0)`],
  ['a signal that carries a value', `${CALL}\ncall(129, 138, SERVER, 0, ctypes.create_string_buffer(128))`],
  ['a descriptor for the server', `${CALL}\ncall(434, 434, SERVER, 0)`],
  [
    'the memory of the server',
    `${CALL}\ncall(310, 270, SERVER, ctypes.create_string_buffer(16), 1, ctypes.create_string_buffer(16), 1, 0)`,
  ],
  ['tracing the server', `${CALL}\ncall(101, 117, 16, SERVER, 0, 0)`],
  ['files of the server', 'import os\nos.listdir("/proc/SERVER/fd")\n"ESCAPED"'],
  [
    'signals by a pipe',
    'import fcntl, os\nr, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETOWN, SERVER)\nfcntl.fcntl(r, 10, 9)\nfcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC)\nos.write(w, b"x")',
  ],
  [
    'shared memory by name',
    'from multiprocessing import shared_memory\nshared_memory.SharedMemory("patchbay", True, 1 << 30)\n"ESCAPED"',
  ],
  ['shared memory of System V', `${CALL}\ncall(29, 194, 0, 4096, 0o1600)`],
  ['a terminal that is typed into', 'import fcntl\nfcntl.ioctl(0, 0x5412, b"x")\n"ESCAPED"'],
  ['loading a module of the kernel', `${CALL}\ncall(175, 105, b"x", 1, b"")`],
  ['another file system', `${CALL}\ncall(430, 430, b"tmpfs", 0)`],
];
