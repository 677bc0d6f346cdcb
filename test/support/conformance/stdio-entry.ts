import { createStdioTransport } from '#mcp/stdio-transport.ts';
import { serverUnderSuite } from './whole-server.ts';

// A process that speaks MCP on standard input and output as `koubou mcp` does, with the fixtures beside its tools.
const server = serverUnderSuite(process.cwd());
await server.connect(createStdioTransport({ input: process.stdin, output: process.stdout }));
process.stdin.once('end', () => process.exit());
