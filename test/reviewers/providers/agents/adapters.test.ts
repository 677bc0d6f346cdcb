import { describe, expect, test } from 'vitest';
import { claude } from '#reviewers/providers/agents/claude.ts';
import { codex } from '#reviewers/providers/agents/codex.ts';
import { copilot } from '#reviewers/providers/agents/copilot.ts';
import { gemini } from '#reviewers/providers/agents/gemini.ts';
import { opencode } from '#reviewers/providers/agents/opencode.ts';
import { outcomeOf, readingOf, someLogin } from './recorded.ts';

const lines = (...events: object[]): string => events.map((event) => JSON.stringify(event)).join('\n');
const schema = { type: 'object', properties: { score: { type: 'number' } }, required: ['score'], additionalProperties: false };
const question = outcomeOf({}).question;
const asked = { ...question, request: { instructions: 'be strict', prompt: 'the prompt', schema } };
const fileLogin = { told: 'login in ~/file', environment: {}, file: '/home/user/.agent/file' };

describe('codex', () => {
  const done = { type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 2 } };
  const said = (text: string): object => ({ type: 'item.completed', item: { type: 'agent_message', text } });

  test('takes the last message, and an error that passed for none', () => {
    const stdout = lines({ type: 'error', message: 'Reconnecting… 1/4' }, { type: 'item.completed', item: { type: 'error', message: 'x' } }, said('one'), said('two'), done);
    expect(readingOf(codex, outcomeOf({ stdout }))).toEqual({ text: 'two', finish: 'stop', model: 'some-model', usage: { inputTokens: 1, outputTokens: 2, costUsd: null } });
  });

  test.each(['command_execution', 'file_change', 'mcp_tool_call', 'web_search', 'collab_tool_call'])('refuses an answer for which it used %s', (type) => {
    expect(readingOf(codex, outcomeOf({ stdout: lines({ type: 'item.started', item: { type } }, said('x'), done) }))).toBe('UnreadableOutput PROVIDER_ANSWER_USED_TOOLS');
  });

  test.each([
    ['Incomplete response returned, reason: content_filter', 'Refused PROVIDER_REFUSED'],
    ['You’ve hit your usage limit.', 'Misconfigured PROVIDER_QUOTA'],
    ['words nobody knows', 'UnreadableOutput PROVIDER_ANSWER_MISSING'],
  ])('"%s" ends as %s', (message, expected) => {
    expect(readingOf(codex, outcomeOf({ exitCode: 1, stdout: lines({ type: 'turn.failed', error: { message } }) }))).toBe(expected);
  });

  test('keeps what was said before a token limit and says so', () => {
    const stdout = lines(said('half'), { type: 'turn.failed', error: { message: 'Incomplete response returned, reason: max_output_tokens' } });
    expect(readingOf(codex, outcomeOf({ exitCode: 1, stdout }))).toMatchObject({ text: 'half', finish: 'length' });
  });

  test('gives the program its own list of models back without tools, and asks the first', () => {
    const models = [{ slug: 'b', priority: 2, visibility: 'list' }, { slug: 'a', priority: 1, visibility: 'list', tool_mode: 'code', apply_patch_tool_type: 'freeform' }, { slug: 'c', priority: 0, visibility: 'hide' }];
    const call = codex.prepare({ ...asked, model: null, inquiry: JSON.stringify({ models }) });
    expect(JSON.parse(call.files['models.json']!).models[1]).toMatchObject({ slug: 'a', tool_mode: null, apply_patch_tool_type: null, shell_type: 'disabled', multi_agent_version: null });
    expect(call.args.slice(call.args.indexOf('-m'), call.args.indexOf('-m') + 2)).toEqual(['-m', 'a']);
  });

  test('has the login of a file linked into its home, never copied', () => {
    const call = codex.prepare({ ...asked, login: fileLogin });
    expect([call.links, call.writable, Object.keys(call.files)]).toEqual([{ '.codex/auth.json': fileLogin.file }, [fileLogin.file], ['.codex/.keep', 'instructions.md', 'schema.json']]);
  });
});

describe('claude', () => {
  const result = (fields: object): string => JSON.stringify({ type: 'result', subtype: 'success', is_error: false, result: 'text', modelUsage: { m: {} }, usage: { input_tokens: 1, cache_read_input_tokens: 4, output_tokens: 2 }, ...fields });

  test('prefers the structured output, counts cached tokens and skips warnings before its result', () => {
    const stdout = `a warning\n${result({ structured_output: { score: 1 }, total_cost_usd: 0.5 })}\n`;
    expect(readingOf(claude, outcomeOf({ stdout }))).toEqual({ text: '{"score":1}', finish: 'stop', model: 'm', usage: { inputTokens: 5, outputTokens: 2, costUsd: 0.5 } });
  });

  test.each([
    [{ is_error: true, api_error_status: 529 }, 'Unavailable PROVIDER_FAILED'],
    [{ is_error: true, api_error_status: 404, result: 'may not exist' }, 'Misconfigured PROVIDER_MODEL_UNKNOWN'],
    [{ is_error: true, api_error_status: null, result: 'Not logged in · Please run /login' }, 'Misconfigured PROVIDER_NO_KEY'],
    [{ is_error: true, stop_reason: 'refusal' }, 'Refused PROVIDER_REFUSED'],
    [{ is_error: true, subtype: 'error_max_structured_output_retries', terminal_reason: 'structured_output_retry_exhausted' }, 'UnreadableOutput PROVIDER_ANSWER_INVALID'],
    [{ is_error: true, subtype: 'error_max_turns', terminal_reason: 'max_turns' }, 'UnreadableOutput PROVIDER_ANSWER_USED_TOOLS'],
    [{ is_error: true, subtype: 'error_during_execution' }, 'UnreadableOutput PROVIDER_ANSWER_MISSING'],
    [{ permission_denials: [{ tool_name: 'Bash' }] }, 'UnreadableOutput PROVIDER_ANSWER_USED_TOOLS'],
    [{ type: 'other' }, 'UnreadableOutput PROVIDER_ANSWER_MISSING'],
  ])('%o ends as %s, whatever else it claims', (fields, expected) => {
    expect(readingOf(claude, outcomeOf({ stdout: result(fields) }))).toBe(expected);
  });

  test('says that a token limit was reached', () => {
    expect(readingOf(claude, outcomeOf({ exitCode: 1, stdout: result({ is_error: true, api_error: 'max_output_tokens' }) }))).toMatchObject({ text: '', finish: 'length' });
  });

  test('is bare with a key, and closed source by source with a login, whose folder alone it is told', () => {
    const bare = claude.prepare({ ...asked, login: { ...someLogin, environment: { ANTHROPIC_API_KEY: 'k' } } });
    const safe = claude.prepare({ ...asked, login: fileLogin });
    expect([bare.args.includes('--bare'), safe.args.includes('--bare'), safe.args.includes('--safe-mode'), safe.args.includes('--restricted')]).toEqual([true, false, true, true]);
    expect([safe.environment['CLAUDE_SECURESTORAGE_CONFIG_DIR'], safe.environment['CLAUDE_CONFIG_DIR'], safe.writable]).toEqual(['/home/user/.agent', '/home/run/.claude', ['/home/user/.agent']]);
  });
});

describe('gemini', () => {
  const said = (content: string): object => ({ type: 'message', role: 'assistant', content, delta: true });
  const done = { type: 'result', status: 'success', stats: { input_tokens: 1, output_tokens: 2, models: { m: {} } } };
  const noting = (reason: string) => ({ stdout: lines({ type: 'message', role: 'user', content: 'echo' }, said('a'), said('b'), done), left: () => `…"finish_reasons": [\n      "${reason}"\n    ]…` });

  test.each([['stop', 'stop'], ['length', 'length'], ['new_one', 'unknown']])('joins what the model said, without the echo of the prompt; noted "%s" means %s', (reason, finish) => {
    expect(readingOf(gemini, outcomeOf(noting(reason)))).toEqual({ text: 'ab', finish, model: 'm', usage: { inputTokens: 1, outputTokens: 2, costUsd: null } });
  });

  test('a noted filter is a refusal, a tool is refused, and no key is told by its exit code alone', () => {
    expect([
      readingOf(gemini, outcomeOf(noting('content_filter'))),
      readingOf(gemini, outcomeOf({ stdout: lines({ type: 'tool_use' }, said('x'), done) })),
      readingOf(gemini, outcomeOf({ exitCode: 41 })),
    ]).toEqual(['Refused PROVIDER_REFUSED', 'UnreadableOutput PROVIDER_ANSWER_USED_TOOLS', 'Misconfigured PROVIDER_NO_KEY']);
  });

  test('gets the schema in words', () => {
    expect(gemini.prepare(asked).files['instructions.md']).toContain(JSON.stringify(schema));
  });
});

describe('opencode and copilot', () => {
  test('opencode is given the one key its model needs', () => {
    const sources = (model: string | null) => opencode.logins(model).map((source) => ('variable' in source ? source.variable : source.file));
    expect([sources('anthropic/claude'), sources('unknown/x'), sources(null).length]).toEqual([['ANTHROPIC_API_KEY', 'opencode/auth.json'], ['opencode/auth.json'], 6]);
  });

  test('opencode is read to its last step, its log where it says nothing', () => {
    const stdout = lines({ type: 'text', part: { text: 'yes' } }, { type: 'step_finish', part: { reason: 'length', cost: 0, tokens: { input: 1, output: 2, reasoning: 3, cache: { read: 4, write: 0 } } } });
    expect(readingOf(opencode, outcomeOf({ stdout }))).toEqual({ text: 'yes', finish: 'length', model: 'some-model', usage: { inputTokens: 5, outputTokens: 5, costUsd: null } });
    const stderr = 'x\nlevel=ERROR message="stream error" error="AI_APICallError: Rate limit reached"\nTerminated';
    expect([readingOf(opencode, outcomeOf({ exitCode: 143, stderr })), opencode.endsAfterMs!(stderr.split('\n')[1]!), opencode.endsAfterMs!('level=INFO')]).toEqual(['Unavailable PROVIDER_RATE_LIMITED', 1_000, null]);
  });

  test('copilot is stopped at its first failure, and its tools are refused', () => {
    const failure = { type: 'model.call_failure', data: { statusCode: 429 } };
    const message = { type: 'assistant.message', data: { content: 'x', model: 'm' } };
    expect([
      copilot.endsAfterMs!(JSON.stringify(failure)),
      readingOf(copilot, outcomeOf({ stdout: lines(failure) })),
      readingOf(copilot, outcomeOf({ stdout: lines({ type: 'tool.execution_start' }, message, { type: 'result' }) })),
      readingOf(copilot, outcomeOf({ stdout: lines(message) })),
    ]).toEqual([0, 'Unavailable PROVIDER_RATE_LIMITED', 'UnreadableOutput PROVIDER_ANSWER_USED_TOOLS', 'UnreadableOutput PROVIDER_ANSWER_MISSING']);
  });
});

test.each([codex, claude, gemini, opencode])('$id takes the prompt on standard input, never as an argument', (adapter) => {
  const call = adapter.prepare(asked);
  expect([call.input, call.args.includes('the prompt'), call.args.includes('be strict')]).toEqual(['the prompt', false, false]);
});
