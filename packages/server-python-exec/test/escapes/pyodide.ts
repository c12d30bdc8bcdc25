import type { Attempt } from './attempt.ts';

/** JavaScript's side of Pyodide, and the constructors that lead from it. */
const JS = `
import pyodide_js, asyncio
from pyodide.ffi import to_js
from pyodide.webloop import WebLoop
asyncio.set_event_loop(WebLoop())
FS, API, M = pyodide_js.FS, pyodide_js._api, pyodide_js._module
Object = API.constructor
js = lambda **k: to_js(k, dict_converter=Object.fromEntries)
`;

/** Ways through what joins Python to JavaScript. */
export const pyodideAttempts: readonly Attempt[] = [
  ['run_js', 'from pyodide.code import run_js\nrun_js("process.env.PATH")'],
  ['the module js', 'import js\n[js.process.env.PATCHBAY_CANARY, "ESCAPED"]'],
  ['the Function constructor', `${JS}\nObject.constructor("return process.env.PATH || 'ESCAPED'")()`],
  [
    'the AsyncFunction constructor',
    `${JS}\npyodide_js.runPythonAsync.constructor("return import('node:fs')")()\n"ESCAPED"`,
  ],
  [
    'a mount of the host by options',
    `${JS}\nFS.mkdir("/h"); FS.mount(FS.filesystems.NODEFS, js(root="FOLDER"), "/h")\nopen("/h/secret.txt").read()`,
  ],
  ['mountNodeFS', `${JS}\npyodide_js.mountNodeFS("/h", "FOLDER")\nopen("/h/secret.txt").read()`],
  [
    'moving the mounted folder',
    `${JS}\nFS.lookupPath("/workspace").node.mount.opts.root = "FOLDER"\nopen("/workspace/secret.txt").read()`,
  ],
  [
    'a mounted folder with ..',
    `${JS}\nFS.lookupPath("/workspace").node.mount.opts.root += "/.."\nopen("/workspace/secret.txt").read()`,
  ],
  [
    'a renamed node',
    `${JS}\nn = FS.lookupPath("/workspace/mine.txt").node\nn.name = "../secret.txt"\nopen("/workspace/mine.txt").read()`,
  ],
  [
    'file descriptors of the host',
    `${JS}\ns = FS.open("/workspace/fd.txt", "w")\ns.nfd = 3\nFS.write(s, to_js(b"{}\\n"), 0, 3)\n"ESCAPED"`,
  ],
  [
    'reading the request channel',
    `${JS}\ns = FS.open("/workspace/mine.txt", "r")\ns.nfd = 0\nFS.read(s, to_js(bytearray(9)), 0, 9)\n"ESCAPED"`,
  ],
  [
    'loadBinaryFile',
    `${JS}\ngot = []\n_ = API.loadBinaryFile("FOLDER/secret.txt").then(lambda v: got.append(v.to_bytes()))`,
  ],
  ['loadDynlib', `${JS}\n_ = API.loadDynlib("FOLDER/secret.txt")`],
  [
    "Pyodide's sockets",
    `${JS}\nAPI.initializeNodeSockFS()\nimport socket\nsocket.create_connection(("127.0.0.1", PORT), 2)`,
  ],
  ['loadPackage', `${JS}\n_ = pyodide_js.loadPackage("http://127.0.0.1:PORT/x-1.0-py3-none-any.whl")`],
  [
    'a lazy file',
    `${JS}\nFS.createLazyFile("/", "lazy", "http://127.0.0.1:PORT/", True, False)\nopen("/lazy").read()`,
  ],
  [
    'the folder next to the workspace',
    `${JS}\nFS.lookupPath("/workspace").node.mount.opts.root += "-neighbour"\nopen("/workspace/secret.txt").read()`,
  ],
  [
    "the package's own folder",
    `${JS}\nFS.lookupPath("/workspace").node.mount.opts.root = "PACKAGE"\nopen("/workspace/package.json").read() + "ESCAPED"`,
  ],
  [
    'a link behind the back of the file system',
    `${JS}\nn = FS.lookupPath("/workspace/mine.txt").node\nn.name = "link.txt"\nopen("/workspace/mine.txt").read()`,
  ],
  ['pyfetch', 'from pyodide.http import pyfetch\nawait pyfetch("http://127.0.0.1:PORT/")\n"ESCAPED"'],
  ['open_url', 'from pyodide.http import open_url\nopen_url("http://127.0.0.1:PORT/").read()'],
  [
    "Pyodide's loop",
    `${JS}\nloop = WebLoop()\n_ = loop.create_task(loop.create_connection(asyncio.Protocol, "127.0.0.1", PORT))`,
  ],
  [
    'code that runs after the call',
    `${JS}\nasync def later():\n  while True: pass\n_ = WebLoop().create_task(later())`,
  ],
  ['turning interrupts off', `${JS}\npyodide_js.setInterruptBuffer(None)\nwhile True: pass`, 300],
  [
    'the constructor of a constructor',
    `${JS}\nFS.constructor.constructor("return process")().kill(SERVER, 0)\n"ESCAPED"`,
  ],
  [
    'a path of its own for the mounted folder',
    `${JS}\nFS.filesystems.NODEFS.realPath = lambda node: "FOLDER/secret.txt"\nopen("/workspace/mine.txt").read()`,
  ],
  [
    'another file system of the host',
    `${JS}\nFS.mkdir("/w"); FS.mount(FS.filesystems.NODEFS, js(root="/"), "/w")\nopen("/w/etc/passwd").read() + "ESCAPED"`,
  ],
  ['a crash on purpose', `${JS}\nAPI.fatal_error(Object.new())`],
  ['more memory than there is', `${JS}\nM.wasmMemory.grow(60000)\n"ESCAPED"`],
  ['a package by its address', `${JS}\n_ = pyodide_js.loadPackage("file://FOLDER/secret.txt")`],
  [
    'unpacking over the runner',
    `${JS}\npyodide_js.unpackArchive(to_js(b"x"), "zip", js(extractDir="FOLDER"))\n"ESCAPED"`,
  ],
];
