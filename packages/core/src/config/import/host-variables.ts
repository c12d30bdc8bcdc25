/** What the variables of other hosts stand for. */
export interface VariableValues {
  readonly workspaceFolder: string;
  readonly userHome: string;
  readonly pathSeparator: string;
  /** The variable of the environment, as `${NAME}`, that takes the place of a question put to the user. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** Rewrites the variables of one host's configuration as those of an `mcp.json`. */
export type TranslateText = (text: string) => string;

/** A variable that only its own host can fill in. */
export class ForeignVariable extends Error {
  override readonly name = 'ForeignVariable';
}

/** For hosts that fill nothing in: what looks like a variable stays what it is. */
export function escapeVariables(text: string): string {
  return text.replaceAll('${', () => '$${');
}

/**
 * `${env:NAME}`, `${input:name}`, `${workspaceFolder}`, `${userHome}` and `${pathSeparator}`, as editors have them.
 *
 * Sources: the references of VS Code for variables and for MCP, of Cursor and of Windsurf for their `mcp.json`.
 *
 * @throws {ForeignVariable} for one of an editor that has no meaning outside of it, such as `${command:…}`.
 */
export function translateEditorVariables(values: VariableValues): TranslateText {
  return (text) =>
    text.replaceAll(/\$\{([^{}]*)\}|\$\{/g, (whole, name?: string) => {
      if (name === undefined) return escapeVariables(whole);
      const [kind = '', ...rest] = name.split(':');
      const argument = rest.join(':');
      if (kind === 'env' && /^[A-Za-z_]\w*$/.test(argument)) return `\${${argument}}`;
      if (kind === 'input') {
        const input = values.inputs.get(argument);
        if (input !== undefined) return input;
        throw new ForeignVariable(`${whole} is none of its "inputs"`);
      }
      if (rest.length > 0) throw new ForeignVariable(`${whole} can only be filled in by its own host`);
      return predefined(kind, values) ?? escapeVariables(whole);
    });
}

function predefined(name: string, values: VariableValues): string | undefined {
  const { workspaceFolder, userHome, pathSeparator } = values;
  switch (name) {
    case 'workspaceFolder':
    case 'workspaceRoot':
    case 'cwd':
      return escapeVariables(workspaceFolder);
    case 'workspaceFolderBasename':
      return escapeVariables(workspaceFolder.split(/[/\\]/).at(-1) ?? '');
    case 'userHome':
      return escapeVariables(userHome);
    case 'pathSeparator':
    case '/':
      return pathSeparator;
    default:
      return undefined;
  }
}
