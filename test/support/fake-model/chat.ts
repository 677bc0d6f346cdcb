import type { Speech, Spoken } from './script.ts';

const reasons = { stop: 'stop', length: 'length', refusal: 'content_filter' } as const;

/** OpenAI's Chat Completions, which LM Studio, Ollama, vLLM and OpenRouter speak too. */
export function speakChat(speech: Speech): Spoken {
  const { usage } = speech;
  const head = { id: `chatcmpl-${speech.index}`, created: 1_700_000_000, model: speech.model };
  const counted = {
    prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached }, completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
  const called = speech.calls.map(({ id, name, args }) => ({ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }));
  const finish = called.length > 0 && speech.finish === 'stop' ? 'tool_calls' : reasons[speech.finish];
  const message = { role: 'assistant', content: speech.text === '' ? null : speech.text, ...(called.length > 0 ? { tool_calls: called } : {}) };
  const frame = (choices: readonly object[], rest: object = {}): string => `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...rest })}\n\n`;
  const delta = (piece: object, reason: string | null = null): string => frame([{ index: 0, delta: piece, finish_reason: reason }]);
  return {
    whole: { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }], usage: counted },
    events: [
      delta({ role: 'assistant', content: '' }),
      ...speech.pieces.map((content) => delta({ content })),
      ...called.map((call, index) => delta({ tool_calls: [{ index, ...call }] })),
      delta({}, finish),
      frame([], { usage: counted }),
      'data: [DONE]\n\n',
    ],
  };
}
