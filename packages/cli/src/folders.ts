import { hash as hashOf } from 'node:crypto';
import { basename, join } from 'node:path';
import type { Environment } from '@patchbay/core';

/**
 * Where servers are remembered between runs: in the user's folder for caches. `PATCHBAY_CACHE` names another folder, or
 * is `off`, which remembers nothing, as does an environment that names no such folder.
 */
export function cacheFolder(env: Environment): string | undefined {
  if (env['PATCHBAY_CACHE'] === 'off') return undefined;
  return env['PATCHBAY_CACHE'] || inCache(env, 'servers');
}

/** Where compiled code is kept, by the same rules. */
export function codeFolder(env: Environment): string | undefined {
  const named = cacheFolder({ PATCHBAY_CACHE: env['PATCHBAY_CACHE'] });
  if (named !== undefined) return join(named, 'code');
  return env['PATCHBAY_CACHE'] === 'off' ? undefined : inCache(env, 'code');
}

function inCache({ XDG_CACHE_HOME, LOCALAPPDATA, HOME }: Environment, name: string): string | undefined {
  const base = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && join(HOME, '.cache'));
  return base ? join(base, 'patchbay', name) : undefined;
}

/**
 * Where conversations, the history of the input and what was allowed for good are kept: in the user's folder for state.
 * `PATCHBAY_STATE` names another folder, or is `off`, which keeps nothing, as does an environment without such a folder.
 */
export function stateFolder({
  PATCHBAY_STATE,
  XDG_STATE_HOME,
  LOCALAPPDATA,
  HOME,
}: Environment): string | undefined {
  if (PATCHBAY_STATE === 'off') return undefined;
  if (PATCHBAY_STATE) return PATCHBAY_STATE;
  const base = XDG_STATE_HOME || LOCALAPPDATA || (HOME && join(HOME, '.local', 'state'));
  return base ? join(base, 'patchbay') : undefined;
}

/** Where sign-ins to servers are kept: they are the user's, whatever project they were made in. */
export function signInFolder(env: Environment): string | undefined {
  const state = stateFolder(env);
  return state && join(state, 'sign-ins');
}

/**
 * The part of the state that belongs to one project. It is the user's own folder and not the project's: a project that
 * was cloned must not bring its own permissions along.
 */
export function projectFolder(state: string, cwd: string): string {
  const hash = hashOf('sha256', cwd).slice(0, 8);
  return join(state, 'projects', `${basename(cwd).replaceAll(/[^\w.-]/g, '_')}-${hash}`);
}

/** The environment in which all that is kept between runs is kept in `folder`. */
export function keptIn(folder: string, env: Environment): Environment {
  return { ...env, PATCHBAY_STATE: folder, PATCHBAY_CACHE: join(folder, 'servers') };
}
