import type { CliArguments } from '../command-line/arguments.ts';
import { COMMANDS } from '../command-line/commands.ts';
import { OPTIONS } from '../command-line/options.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { EXIT } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { line } from '../terminal.ts';

const NAMES = Object.keys(COMMANDS).filter((name) => name !== 'ask');
const WORDS = [...new Set(NAMES.map((name) => name.split(' ')[0] ?? name))];
const SERVER_WORDS = NAMES.flatMap((name) =>
  name.startsWith('server ') ? [name.slice('server '.length)] : [],
);
const FLAGS = Object.keys(OPTIONS).map((name) => `--${name}`);
const FILE_FLAGS = ['--config', '--server', '--from', '--data-dir'];

const SCRIPTS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** `patchbay completion bash`: a script that teaches the shell the commands and options. */
export function completionCommand({ rest }: CliArguments, { stdout }: Terminal): Promise<number> {
  const [shell = ''] = rest;
  const script = SCRIPTS[shell];
  if (!script)
    throw new UsageError(`There are completions for ${Object.keys(SCRIPTS).join(', ')}, not for "${shell}"`);
  line(stdout, script());
  return Promise.resolve(EXIT.ok);
}

function bash(): string {
  return `# patchbay completion bash > ~/.local/share/bash-completion/completions/patchbay
_patchbay() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$before" in
    ${FILE_FLAGS.join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    server) COMPREPLY=($(compgen -W "${SERVER_WORDS.join(' ')}" -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "${Object.keys(SCRIPTS).join(' ')}" -- "$word")); return ;;
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "${FLAGS.join(' ')}" -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${WORDS.join(' ')}" -- "$word"))
  fi
}
complete -o default -F _patchbay patchbay`;
}

function zsh(): string {
  const options = Object.entries(OPTIONS).map(([name, { help }]) => `    '--${name}[${quoted(help)}]'`);
  const commands = WORDS.map(
    (word) => `      '${word}:${quoted(COMMANDS[word]?.help ?? 'servers of the configuration')}'`,
  );
  return `#compdef patchbay
# patchbay completion zsh > "\${fpath[1]}/_patchbay"
_patchbay() {
  local -a commands options
  commands=(
${commands.join('\n')}
  )
  options=(
${options.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; fi
  if [[ $words[2] == server && CURRENT == 3 ]]; then _values 'command' ${SERVER_WORDS.join(' ')}; fi
  if [[ $words[2] == completion && CURRENT == 3 ]]; then _values 'shell' ${Object.keys(SCRIPTS).join(' ')}; fi
  _arguments -s $options '*:file:_files'
}
compdef _patchbay patchbay`;
}

function fish(): string {
  const commands = WORDS.map(
    (word) =>
      `complete -c patchbay -n __fish_use_subcommand -f -a ${word} -d '${quoted(COMMANDS[word]?.help ?? 'servers of the configuration')}'`,
  );
  const options = Object.entries(OPTIONS).map(([name, { type, help }]) => {
    const value = type === 'string' ? (FILE_FLAGS.includes(`--${name}`) ? ' -r' : ' -x') : '';
    return `complete -c patchbay -l ${name}${value} -d '${quoted(help)}'`;
  });
  return [
    '# patchbay completion fish > ~/.config/fish/completions/patchbay.fish',
    ...commands,
    `complete -c patchbay -n '__fish_seen_subcommand_from server' -f -a '${SERVER_WORDS.join(' ')}'`,
    `complete -c patchbay -n '__fish_seen_subcommand_from completion' -f -a '${Object.keys(SCRIPTS).join(' ')}'`,
    ...options,
  ].join('\n');
}

/** Safe between single quotes, and within the brackets of zsh. */
function quoted(text: string): string {
  return text.replaceAll("'", '').replaceAll(/[[\]:]/g, ' ');
}
