import type { Environment } from '../config/expand-variables.ts';

/**
 * What a server process inherits. Everything else, the keys of model providers first of all, reaches a server only
 * when its configuration names it.
 */
const INHERITED = (
  process.platform === 'win32'
    ? `APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT PROCESSOR_ARCHITECTURE PROGRAMDATA PROGRAMFILES
       SYSTEMDRIVE SYSTEMROOT TEMP TMP USERNAME USERPROFILE WINDIR`
    : `HOME LANG LC_ALL LC_CTYPE LOGNAME PATH SHELL TERM TMPDIR TZ USER XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
       XDG_RUNTIME_DIR XDG_STATE_HOME`
).split(/\s+/);

const COMPILED_CODE = ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'];

/** Whose certificates are trusted. Behind the proxy of a company no server reaches the web without these. */
const AUTHORITIES = [
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
];

/** The inherited variables that are set, under the server's own. */
export function childEnvironment(
  own: Readonly<Record<string, string>>,
  env: Environment,
): Record<string, string> {
  const inherited = [...INHERITED, ...COMPILED_CODE, ...AUTHORITIES].flatMap((name) => {
    const value = env[name];
    // A value that begins so is an exported shell function, which some shells would run.
    return value === undefined || value.startsWith('()') ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...own };
}
