import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

const invalidParams = -32_602;
const internalError = -32_603;
/** The SDK puts this before messages of its own. */
const prefix = /^MCP error -32\d{3}: /;

interface Issue {
  readonly path?: readonly (string | number)[];
  readonly message?: string;
}

/**
 * An answer with the SDK's own errors in the words of this server: it tells parameters that do not fit as a list of issues in JSON,
 * under the code of a failure of ours, and a tool that is not there in one line.
 */
export function withPlainErrors(message: JSONRPCMessage): JSONRPCMessage {
  if ('error' in message) return { ...message, error: plainError(message.error) };
  if (!('result' in message) || message.result['isError'] !== true) return message;
  const { content } = message.result;
  return Array.isArray(content) ? { ...message, result: { ...message.result, content: content.map(plainContent) } } : message;
}

interface ProtocolError {
  readonly code: number;
  readonly message: string;
}

function plainError(error: ProtocolError): ProtocolError {
  const issues = error.code === internalError ? issuesIn(error.message) : null;
  if (issues === null) return { ...error, message: error.message.replace(prefix, '') };
  const told = issues.slice(0, 3).map(({ path = [], message = '' }) => `${path.join('.')}: ${message}`).join('; ');
  return { ...error, code: invalidParams, message: `The request is not valid: ${told}.` };
}

function issuesIn(message: string): readonly Issue[] | null {
  if (!message.startsWith('[')) return null;
  try {
    return JSON.parse(message) as Issue[];
  } catch {
    return null;
  }
}

function plainContent(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !('text' in part) || typeof part.text !== 'string' || !prefix.test(part.text)) return part;
  return { ...part, text: `${part.text.replace(prefix, '').slice(0, longest)} [INPUT_INVALID]\nCorrect the call: tools/list tells the tools and their arguments.` };
}

/** The name of a tool that is not there may be as long as a message. */
const longest = 300;
