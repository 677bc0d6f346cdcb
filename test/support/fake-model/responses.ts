import type { Speech, Spoken } from './script.ts';

/** OpenAI's Responses. */
export function speakResponses(speech: Speech): Spoken {
  const { text, calls, usage, finish } = speech;
  const id = `resp_${speech.index}`;
  const content = finish === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] };
  const message = { type: 'message', id: `msg_${speech.index}`, status: 'completed', role: 'assistant', content: [content] };
  const called = calls.map((call) => ({ type: 'function_call', id: `fc_${call.id}`, call_id: call.id, ...namesOf(call.name), arguments: JSON.stringify(call.args), status: 'completed' }));
  const output = text === '' && called.length > 0 ? called : [message, ...called];
  const response = {
    id, object: 'response', created_at: 1_700_000_000, model: speech.model, status: finish === 'length' ? 'incomplete' : 'completed', error: null,
    incomplete_details: finish === 'length' ? { reason: 'max_output_tokens' } : null, output, parallel_tool_calls: true, tool_choice: 'auto', tools: [], metadata: {},
    usage: {
      input_tokens: usage.input, input_tokens_details: { cached_tokens: usage.cached }, output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning }, total_tokens: usage.input + usage.output,
    },
  };
  const frames: [string, object][] = [['response.created', { response: { ...response, status: 'in_progress', incomplete_details: null, output: [], usage: null } }]];
  for (const [index, item] of output.entries()) frames.push(...itemFrames(item, index, speech));
  frames.push([finish === 'length' ? 'response.incomplete' : 'response.completed', { response }]);
  return { whole: response, events: frames.map(([type, rest], n) => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: n, ...rest })}\n\n`) };
}

function itemFrames(item: { type: string; id: string; content?: unknown[]; arguments?: string }, index: number, speech: Speech): [string, object][] {
  const place = { item_id: item.id, output_index: index };
  const done: [string, object] = ['response.output_item.done', { output_index: index, item }];
  if (item.content === undefined) {
    return [['response.output_item.added', { output_index: index, item }], ['response.function_call_arguments.done', { ...place, arguments: item.arguments }], done];
  }
  const part = { ...place, content_index: 0 };
  const word = speech.finish === 'refusal' ? 'refusal' : 'output_text';
  return [
    ['response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress', content: [] } }],
    ['response.content_part.added', { ...part, part: word === 'refusal' ? { type: word, refusal: '' } : { type: word, text: '', annotations: [] } }],
    ...speech.pieces.map((delta): [string, object] => [`response.${word}.delta`, { ...part, delta }]),
    [`response.${word}.done`, { ...part, [word === 'refusal' ? 'refusal' : 'text']: speech.text }],
    ['response.content_part.done', { ...part, part: item.content[0] }],
    done,
  ];
}

function namesOf(tool: string): { name: string; namespace?: string } {
  const [namespace, name] = tool.split('/') as [string, string?];
  return name === undefined ? { name: namespace } : { namespace, name };
}
