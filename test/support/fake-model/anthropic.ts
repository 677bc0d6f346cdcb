import type { Speech, Spoken } from './script.ts';

const reasons = { stop: 'end_turn', length: 'max_tokens', refusal: 'refusal' } as const;

/** Anthropic's Messages. */
export function speakAnthropic(speech: Speech): Spoken {
  const called = speech.calls.map(({ id, name, args }) => ({ type: 'tool_use', id: id.replace('call', 'toolu'), name, input: args }));
  const content = [...(speech.text === '' && called.length > 0 ? [] : [{ type: 'text', text: speech.text }]), ...called];
  const stop = called.length > 0 && speech.finish === 'stop' ? 'tool_use' : reasons[speech.finish];
  const usage = { input_tokens: speech.usage.input, cache_creation_input_tokens: 0, cache_read_input_tokens: speech.usage.cached, output_tokens: speech.usage.output };
  const head = { id: `msg_${speech.index}`, type: 'message', role: 'assistant', model: speech.model };
  const frame = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  return {
    whole: { ...head, content, stop_reason: stop, stop_sequence: null, usage },
    events: [
      frame('message_start', { message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } } }),
      ...content.flatMap((block, index) => [
        frame('content_block_start', { index, content_block: 'text' in block ? { type: 'text', text: '' } : { ...block, input: {} } }),
        ...deltasOf(block, speech.pieces).map((delta) => frame('content_block_delta', { index, delta })),
        frame('content_block_stop', { index }),
      ]),
      frame('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: speech.usage.output } }),
      frame('message_stop', {}),
    ],
  };
}

function deltasOf(block: { readonly type: string; readonly input?: unknown }, pieces: readonly string[]): object[] {
  if (block.type === 'text') return pieces.map((text) => ({ type: 'text_delta', text }));
  return [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];
}
