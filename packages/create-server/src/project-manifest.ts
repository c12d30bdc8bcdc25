import manifest from '../package.json' with { type: 'json' };

type Fields = Readonly<Record<string, unknown>>;

/** What a project needs of what this package was made with. When this is published, each has its exact version. */
const VERSIONS: Readonly<Record<string, string>> = manifest.devDependencies;
const RUNTIME = ['@modelcontextprotocol/server', '@patchbay/server-kit', 'zod'];
const DEVELOPMENT = ['@patchbay/testing', '@types/node', 'typescript', 'vitest'];

/** The template's manifest, made for a folder of its own outside of this repository. */
export function projectManifest(template: Fields): Fields {
  // A licence and a repository are for the project to choose.
  const { license: _license, repository: _repository, ...kept } = template;
  return {
    ...kept,
    publishConfig: { access: 'public' },
    scripts: {
      start: 'node src/main.ts',
      build: 'tsc -p tsconfig.build.json',
      typecheck: 'tsc',
      test: 'vitest run',
      prepublishOnly: 'npm run build',
    },
    dependencies: versionsOf(RUNTIME),
    devDependencies: versionsOf(DEVELOPMENT),
  };
}

function versionsOf(names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, VERSIONS[name]]));
}
