import type { Speech, Spoken } from './script.ts';

const reasons = { stop: 'STOP', length: 'MAX_TOKENS', refusal: 'SAFETY' } as const;

/** Google's generateContent and streamGenerateContent. */
export function speakGoogle(speech: Speech): Spoken {
  const { usage } = speech;
  const usageMetadata = {
    promptTokenCount: usage.input, candidatesTokenCount: usage.output, cachedContentTokenCount: usage.cached, thoughtsTokenCount: usage.reasoning,
    totalTokenCount: usage.input + usage.output + usage.reasoning,
  };
  const calls = speech.calls.map(({ id, name, args }) => ({ functionCall: { id, name, args } }));
  const answer = (parts: readonly object[], last: boolean): object => ({
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(last ? { finishReason: reasons[speech.finish] } : {}) }],
    ...(last ? { usageMetadata } : {}),
    modelVersion: speech.model,
    responseId: `resp_${speech.index}`,
  });
  const texts = speech.pieces.length > 0 || calls.length > 0 ? speech.pieces : [''];
  const end = [...texts.slice(-1).map((text) => ({ text })), ...calls];
  return {
    whole: answer([...(speech.text === '' && calls.length > 0 ? [] : [{ text: speech.text }]), ...calls], true),
    events: [...texts.slice(0, -1).map((text) => answer([{ text }], false)), answer(end, true)].map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`),
  };
}
