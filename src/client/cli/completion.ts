import type { Call } from './call.ts';
import { commandNames, commonFlags, specOf, type CommandName, type FlagSpec } from './command-table.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { oneOf } from './values.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `koubou completion SHELL`: a script for the shell, made from the table of commands. */
export function completion({ output, arguments: [shell = ''] }: Call): Promise<ExitCode> {
  const scripts = { bash, zsh, fish };
  output.print(scripts[oneOf('koubou completion', shell, shells)]());
  return Promise.resolve(exitCodes.done);
}

const offered: readonly CommandName[] = commandNames.filter((name) => name !== 'mcp');

function flagsOf(name: CommandName): [string, FlagSpec][] {
  return Object.entries({ ...specOf(name).flags, ...commonFlags });
}

function bash(): string {
  const cases = offered.map((name) => {
    const words = [...flagsOf(name).map(([flag]) => `--${flag}`), ...(specOf(name).arguments.choices ?? [])];
    return `    ${name}) words="${words.join(' ')}" ;;`;
  });
  const values = valuesByFlag().map(([flag, { choices, completes }]) => `    --${flag}) ${bashValues(choices, completes)}; return ;;`);
  return `# bash completion for koubou
_koubou_paths() {
  local name
  COMPREPLY=()
  while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen "$1" -- "$2")
  compopt -o filenames 2>/dev/null
}
_koubou() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$previous" in
${values.join('\n')}
  esac
  if [ -z "$command" ]; then
    COMPREPLY=($(compgen -W "${offered.join(' ')} --help --version" -- "$current"))
    return
  fi
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words --help" -- "$current"))
}
complete -o default -F _koubou koubou
`;
}

// Names may hold spaces: a list in an array is split at them, lines that are read are not, and `filenames` lets the shell quote them.
function bashValues(choices: readonly string[] | undefined, completes: FlagSpec['completes']): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$current"))`;
  return `_koubou_paths -${completes === 'folder' ? 'd' : 'f'} "$current"`;
}

// A flag means the same wherever it is known.
function valuesByFlag(): [string, FlagSpec][] {
  const all = new Map(offered.flatMap((name) => flagsOf(name)));
  return [...all].filter(([, { choices, completes }]) => choices !== undefined || completes !== undefined);
}

function zsh(): string {
  const commands = offered.map((name) => `    '${name}:${quote(specOf(name).about)}'`);
  const cases = offered.map((name) => {
    const lines = [...flagsOf(name).map(([flag, spec]) => zshFlag(flag, spec)), zshArguments(name)].filter((line) => line !== '');
    return `    ${name})\n      _arguments ${lines.join(' \\\n        ')} ;;`;
  });
  return `#compdef koubou
_koubou() {
  local -a commands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
compdef _koubou koubou
`;
}

function zshFlag(flag: string, { takes, repeatable, choices, completes, about }: FlagSpec): string {
  const value = takes === undefined ? '' : `:${quote(takes.replaceAll(':', ' '))}:${zshValues(choices, completes)}`;
  return `'${repeatable === true ? '*' : ''}--${flag}[${quote(about)}]${value}'`;
}

function zshArguments(name: CommandName): string {
  const { max, usage, choices, completes } = specOf(name).arguments;
  if (max === 0) return '';
  return `'*:${quote(usage)}:${zshValues(choices, completes)}'`;
}

function zshValues(choices: readonly string[] | undefined, completes: FlagSpec['completes']): string {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  if (completes === undefined) return '';
  return completes === 'folder' ? '_files -/' : '_files';
}

function quote(text: string): string {
  return text.replaceAll("'", "'\\''");
}

function fish(): string {
  const lines = offered.flatMap((name) => {
    const used = `-n '__fish_seen_subcommand_from ${name}'`;
    const words = (specOf(name).arguments.choices ?? []).map((choice) => `complete -c koubou -f ${used} -a ${choice}`);
    return [`complete -c koubou -n __fish_use_subcommand -f -a ${name} -d '${fishQuote(specOf(name).about)}'`, ...flagsOf(name).map(([flag, spec]) => fishFlag(flag, spec, used)), ...words];
  });
  return `# fish completion for koubou\n${lines.join('\n')}\n`;
}

function fishFlag(flag: string, { takes, choices, completes, about }: FlagSpec, used: string): string {
  const value = takes === undefined ? '' : choices === undefined ? (completes === undefined ? ' -x' : ' -r') : ` -x -a '${choices.join(' ')}'`;
  return `complete -c koubou ${used} -l ${flag}${value} -d '${fishQuote(about)}'`;
}

function fishQuote(text: string): string {
  return text.replaceAll("'", "\\'");
}
