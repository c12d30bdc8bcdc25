import { execFile } from 'node:child_process';
import { access, constants, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openTestCache } from '../cache-folder.ts';
import type { Environment } from './database-program.ts';

const run = promisify(execFile);

export interface AptPackage {
  /** Fetched with everything that it links to. */
  readonly name: string;
  /** Name of its folder in the cache. */
  readonly folder: string;
  /** A Debian release other than the machine's own, from the machine's own mirror. */
  readonly release?: string;
  /** Longest time that fetching and unpacking may take, in milliseconds. */
  readonly fetchLimitMs: number;
}

/** Where a package is unpacked, and the words in front of a program in it: with them it runs on any C library. */
export interface UnpackedPackage {
  readonly root: string;
  readonly loader: readonly string[];
}

/**
 * Fetches a package with everything it links to, C library included, and unpacks it into a cache folder. Uses apt's
 * client with the machine's sources and keys but private state, so that it needs no root, installs nothing, and waits
 * for no other apt. Later calls find it unpacked.
 *
 * @throws {Error} with what apt said.
 */
export async function unpackPackage(wanted: AptPackage, env: Environment): Promise<UnpackedPackage> {
  const folder = join(await openTestCache(env), `${wanted.folder}-${process.arch}`);
  const root = join(folder, 'root');
  if (!(await canRead(root))) await fetchPackage(wanted, folder, env);
  const loader = await findLoader(root);
  const libraries = basename(dirname(loader));
  const libraryPath = ['lib', 'usr/lib'].map((part) => join(root, part, libraries)).join(':');
  return { root, loader: [loader, '--library-path', libraryPath] };
}

/** Finds a program on PATH, and where servers are on systems that keep them off a user's PATH. */
export async function findProgram(name: string, env: Environment): Promise<string> {
  const folders = [...(env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/libexec'];
  for (const folder of folders) {
    if (folder.startsWith('/') && (await canRead(join(folder, name)))) return realpath(join(folder, name));
  }
  throw new Error(`${name} is not on PATH`);
}

export async function canRead(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** The folder is renamed into place at the end, under a lock that the kernel drops with its holder. */
const FETCH = `
cd "$1"
[ -e root ] && exit 0
rm -rf work && mkdir -p work/root work/lists/partial work/archives/partial && : >work/status
apt-get -c apt.conf update || echo "apt-get update failed; trying with what there is" >&2
apt-get -c apt.conf install --yes --no-install-recommends --download-only "$2"
for package in work/archives/*.deb; do
  # Tools beside the server are written in Perl; the server itself needs none.
  case "$package" in */perl* | */libperl*) continue ;; esac
  dpkg-deb -x "$package" work/root
done
mv work/root root && rm -rf work
`;

async function fetchPackage(wanted: AptPackage, folder: string, env: Environment): Promise<void> {
  const { name, release, fetchLimitMs } = wanted;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'apt.conf'), aptConfiguration(folder, release !== undefined));
  if (release !== undefined) await writeFile(join(folder, 'sources.list'), await sourcesOf(release, env));
  try {
    await run('flock', [join(folder, 'lock'), 'sh', '-euc', FETCH, 'fetch', folder, name], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      timeout: fetchLimitMs,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`apt could not fetch ${name}: ${said.slice(-1000) || String(error)}`, { cause: error });
  }
}

/** The line of sources.list for another release: the mirror and the key are those that the machine has. */
async function sourcesOf(release: string, env: Environment): Promise<string> {
  const format = '$(SITE) $(RELEASE) $(COMPONENT)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Identifier: Packages'], {
    env: { ...env, LC_ALL: 'C' },
  });
  // Updates and security have suites of their own, with a hyphen, and no other release beside them.
  const mirrors = stdout.split('\n').map((line) => /^(\S+\/debian) [a-z]+ main$/.exec(line)?.[1]);
  const mirror = mirrors.find((site) => site !== undefined);
  if (mirror === undefined) throw new Error('the machine has no Debian mirror among its apt sources');
  return `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${release} main\n`;
}

/** The empty status file makes apt fetch every library; the hooks it clears belong to the system's own apt. */
function aptConfiguration(folder: string, hasSources: boolean): string {
  const work = join(folder, 'work');
  const sources = `Dir::Etc::sourcelist "${folder}/sources.list";\nDir::Etc::sourceparts "/dev/null";`;
  return `
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::State "${work}";
Dir::State::lists "${work}/lists";
Dir::State::status "${work}/status";
Dir::Cache "${work}";
Dir::Cache::archives "${work}/archives";
Dir::Log "${work}";
${hasSources ? sources : ''}
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
`;
}

/** The dynamic loader among the unpacked packages: with it the server runs on whatever C library the machine has. */
async function findLoader(root: string): Promise<string> {
  for (const part of ['usr/lib', 'lib']) {
    const entries = await readdir(join(root, part), { recursive: true, withFileTypes: true });
    const loader = entries.find((entry) => entry.isFile() && /^ld-linux.*\.so\.\d+$/.test(entry.name));
    if (loader) return join(loader.parentPath, loader.name);
  }
  throw new Error(`no dynamic loader in ${root}; remove that folder to fetch it anew`);
}
