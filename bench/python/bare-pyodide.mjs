// Pyodide without any of ours: `node bare-pyodide.mjs <code>`.
import { loadPyodide } from 'pyodide';

const python = await loadPyodide();
python.runPython(process.argv[2]);
