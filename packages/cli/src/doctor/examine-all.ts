import { readEnvironment } from '../environment.ts';
import type { Terminal } from '../terminal.ts';
import { environmentFinding, examineConfiguration } from './configuration.ts';
import type { Finding } from './finding.ts';
import { providerFinding } from './provider.ts';
import { folderFindings, nodeFinding, terminalFindings } from './runtime.ts';
import { serverFindings } from './servers.ts';

/** Goes the way that a chat goes, with the configuration and the model that are named, if any. */
export async function* examineAll(
  { config: named, model }: { readonly config: string | undefined; readonly model: string | undefined },
  terminal: Terminal,
): AsyncGenerator<Finding> {
  const { cwd } = terminal;
  const env = await readEnvironment(terminal.env, cwd);
  yield nodeFinding(process.versions.node);
  yield* terminalFindings(terminal);
  yield* folderFindings(env, cwd);
  yield await environmentFinding(env, cwd);
  yield await providerFinding(env, model);
  const { findings, config } = await examineConfiguration(named, { env, cwd });
  yield* findings;
  if (config) yield* serverFindings(config, { env });
}
