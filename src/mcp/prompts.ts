/** A prompt that a person may choose in a client: what is to be done, with the tools of this server. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** What the model is told. */
  readonly text: (given: Readonly<Record<string, string | undefined>>) => string;
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What a client may complete. */
  readonly choices?: readonly string[];
}

const path: PromptArgument = { name: 'path', description: 'File or folder, relative to the root', required: true };
const file: PromptArgument = { name: 'path', description: 'File, relative to the root', required: true };
const target: PromptArgument = { name: 'target_score', description: '0-100, default 85', required: false };

// What a person typed is quoted, so that it stays an argument.
const quoted = (text: string | undefined): string => JSON.stringify(text ?? '');

export const prompts: readonly Prompt[] = [
  {
    name: 'review',
    title: 'Review',
    description: 'Review a file or folder and report; nothing is changed',
    arguments: [path],
    text: ({ path: given }) =>
      `Call review_start with paths [${quoted(given)}] and max_iterations 1. Call review_wait until state is completed. Read review_result of each run that is below its target, and tell me the scores and the most serious findings with their lines. Change nothing.`,
  },
  {
    name: 'improve',
    title: 'Improve',
    description: 'Improve a file until it reaches a target; you approve before it is saved',
    arguments: [file, target, { name: 'save', description: 'write or commit; default write', required: false, choices: ['write', 'commit'] }],
    text: ({ path: given, target_score: score, save }) =>
      `Call review_start with path ${quoted(given)}, save ${quoted(save ?? 'write')}, approval "before_save"${score === undefined ? '' : ` and target_score ${quoted(score)} as a number`}. Call review_wait until next_step says otherwise. When it waits for a decision, show me review_result with part diff and ask me; then call review_decide with my word. At the end tell me the scores before and after and what was changed.`,
  },
  {
    name: 'evaluate',
    title: 'Evaluate a document',
    description: 'Judge whether a document is ready for implementation',
    arguments: [file, { name: 'reviewer', description: 'Who judges; default: the first usable model', required: false }],
    text: ({ path: given, reviewer }) =>
      `Call evaluate_document with path ${quoted(given)}${reviewer === undefined ? '' : ` and reviewer ${quoted(reviewer)}`}. If score is null, follow next_step. Tell me the score, whether it is ready, the blockers and the recommendations.`,
  },
];
