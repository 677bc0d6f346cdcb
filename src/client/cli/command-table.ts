/** One flag: a switch, or one that takes a value. */
export interface FlagSpec {
  readonly takes?: string;
  /** The value may be left out: --diff, --diff=BASE, --diff BASE. */
  readonly optionalValue?: boolean;
  readonly repeatable?: boolean;
  /** What a shell may complete. */
  readonly choices?: readonly string[];
  readonly completes?: 'file' | 'folder';
  /** For the completion of shells that show it. */
  readonly about: string;
}

export interface ArgumentSpec {
  /** As the usage line writes them. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  readonly choices?: readonly string[];
  readonly completes?: 'file' | 'folder';
}

export interface CommandSpec {
  readonly about: string;
  readonly flags: Readonly<Record<string, FlagSpec>>;
  readonly arguments: ArgumentSpec;
}

const file = 'file';
const folder = 'folder';
const none: ArgumentSpec = { usage: '', min: 0, max: 0 };
const oneRun: ArgumentSpec = { usage: 'ID', min: 1, max: 1 };
const formatNames = ['human', 'json', 'markdown', 'html', 'sarif', 'junit', 'rdjson'];

/** Flags that every command takes. */
export const commonFlags: Readonly<Record<string, FlagSpec>> = {
  json: { about: 'one JSON object on standard output' },
  address: { takes: 'HOST:PORT', about: 'use this Temporal service' },
  config: { takes: 'FILE', completes: file, about: 'read these settings instead of koubou.yaml' },
  quiet: { about: 'no progress' },
  'no-color': { about: 'no colours' },
  debug: { about: 'show stacks of errors' },
};

const format: FlagSpec = { takes: 'F', repeatable: true, choices: formatNames, about: 'the form of the report; repeatable with --out' };
const out: FlagSpec = { takes: 'DIR', completes: folder, about: 'write one file per format into DIR' };
const wait: FlagSpec = { takes: 'D', about: 'return after this time with exit code 3' };

const projectPath: FlagSpec = { takes: 'DIR', completes: folder, about: 'show models the files of this project that the text names' };

const review: CommandSpec = {
  about: 'review and improve files or folders',
  arguments: { usage: 'PATH...', min: 0, max: Infinity, completes: file },
  flags: {
    diff: { takes: 'BASE', optionalValue: true, about: 'the changed lines against BASE' },
    stdin: { about: 'text from standard input' },
    name: { takes: 'NAME', about: 'the name of the text on standard input, or of the file to be drafted' },
    task: { takes: 'TEXT', about: 'draft an artifact from a task' },
    root: { takes: 'DIR', completes: folder, about: 'the folder that paths must stay in' },
    target: { takes: '0-100', about: 'the score to reach' },
    'max-iterations': { takes: 'N', about: 'reviews at most' },
    'iteration-timeout': { takes: 'D', about: 'time for one iteration' },
    timeout: { takes: 'D', about: 'working time in all' },
    reviewer: { takes: 'ID', repeatable: true, about: 'use this reviewer; repeatable' },
    improver: { takes: 'ID', about: 'use this improver' },
    check: { takes: 'NAME', repeatable: true, about: 'run this check of the settings on every revision; repeatable' },
    profile: { takes: 'NAME', about: 'limits and weights of this profile' },
    'no-improve': { about: 'review and score only' },
    'budget-usd': { takes: 'N', about: 'money for models' },
    'budget-tokens': { takes: 'N', about: 'tokens for models' },
    'project-path': projectPath,
    'min-severity': { takes: 'S', choices: ['info', 'low', 'medium', 'high', 'critical'], about: 'report findings from here on' },
    baseline: { takes: 'FILE', completes: file, about: 'leave out the findings of this earlier report' },
    write: { about: 'save the best revision' },
    commit: { about: 'save it and commit it' },
    approve: { about: 'ask before saving' },
    format,
    out,
    watch: { about: 'review again whenever a file changes' },
    detach: { about: 'print the run id and return' },
    wait,
  },
};

const decision: ArgumentSpec = { usage: 'ID DECISION', min: 2, max: 2, choices: ['approve', 'reject', 'continue', 'retry', 'skip', 'abort'] };

/** Every command, its flags and its arguments: read by the parser, by completion, and by the test of the help text. */
export const commandTable = {
  review,
  evaluate: {
    about: 'one judgement, no loop',
    arguments: { usage: 'PATH|-', min: 0, max: Infinity, completes: file },
    flags: {
      name: { takes: 'NAME', about: 'the name of the text on standard input' },
      target: { takes: '0-10', about: 'from which score the document counts as ready' },
      reviewer: { takes: 'ID', repeatable: true, about: 'use this reviewer; repeatable' },
      'project-path': projectPath,
      root: { takes: 'DIR', completes: folder, about: 'the folder that paths must stay in' },
      reply: { about: 'read saved model answers' },
      'scale-max': { takes: '10|100', choices: ['10', '100'], about: 'the scale of a saved answer that names none' },
      cli: { takes: 'NAME', choices: ['codex', 'claude', 'gemini'], about: 'the program that printed a saved answer' },
    },
  },
  status: { about: 'how a run, or the service, is doing', arguments: { usage: '[ID]', min: 0, max: 1 }, flags: {} },
  list: { about: 'all runs', arguments: none, flags: {} },
  wait: { about: 'wait for a run to end', arguments: oneRun, flags: { wait } },
  result: {
    about: 'the report of a run',
    arguments: oneRun,
    flags: {
      text: { about: 'the text of the best revision' },
      diff: { about: 'the unified diff' },
      messages: { about: 'the run as messages, one JSON object a line' },
      format,
      out,
    },
  },
  apply: { about: 'save what a finished run made of the file', arguments: oneRun, flags: { commit: { about: 'commit it as well' } } },
  cancel: { about: 'stop a run', arguments: oneRun, flags: {} },
  parked: { about: 'runs that wait for a person after three failures', arguments: none, flags: {} },
  retry: { about: 'wake a parked run', arguments: { usage: 'ID', min: 0, max: 1 }, flags: { all: { about: 'wake every parked run' } } },
  decide: {
    about: 'answer a run that waits',
    arguments: decision,
    flags: { note: { takes: 'TEXT', about: 'kept with the decision' }, 'budget-usd': { takes: 'N', about: 'the new budget in money' }, 'budget-tokens': { takes: 'N', about: 'the new budget in tokens' } },
  },
  up: {
    about: 'start the Temporal service and the workers',
    arguments: none,
    flags: { detach: { about: 'return as soon as it answers' }, root: { takes: 'DIR', completes: folder, about: 'what relative roots of requests mean' } },
  },
  down: { about: 'end the service', arguments: none, flags: { timeout: { takes: 'D', about: 'how long workers may finish what they hold' } } },
  worker: { about: 'run workers against a Temporal service', arguments: none, flags: { queues: { takes: 'NAME,...', about: 'only these queues' } } },
  mcp: {
    about: 'serve MCP clients, or set one up',
    arguments: { usage: '[install]', min: 0, max: 1, choices: ['install'] },
    flags: {
      root: { takes: 'DIR', repeatable: true, completes: folder, about: 'a folder that paths may lie in; repeatable' },
      http: { takes: '[HOST:]PORT', optionalValue: true, about: 'over HTTP' },
      'public-url': { takes: 'URL', about: 'how clients call it through a proxy' },
      client: { takes: 'NAME', choices: ['codex', 'claude', 'gemini', 'vscode', 'cursor'], about: 'with install: which client' },
      print: { about: 'with install: show the entry, write nothing' },
      yes: { about: 'with install: do not ask' },
    },
  },
  doctor: { about: 'check everything koubou needs', arguments: none, flags: { probe: { about: 'ask each model that is set up for one word (costs a few tokens)' } } },
  reviewers: { about: 'the reviewers and improvers there are', arguments: none, flags: {} },
  trust: { about: "let a project's own settings name commands and folders", arguments: { usage: 'DIR', min: 1, max: 1, completes: folder }, flags: {} },
  config: { about: 'show, describe or begin the settings', arguments: { usage: 'show|schema|init', min: 1, max: 1, choices: ['show', 'schema', 'init'] }, flags: {} },
  completion: { about: 'completion for a shell', arguments: { usage: 'bash|zsh|fish', min: 1, max: 1, choices: ['bash', 'zsh', 'fish'] }, flags: {} },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof commandTable;

export const commandNames = Object.keys(commandTable) as CommandName[];

export function specOf(name: CommandName): CommandSpec {
  return commandTable[name];
}
