import { createOutput, type Output, type OutputOptions, type Writer } from '#client/cli/output.ts';

export interface RememberingWriter extends Writer {
  text: string;
}

export function remember(given: Partial<Pick<Writer, 'isTTY' | 'columns'>> = {}): RememberingWriter {
  const writer: RememberingWriter = { text: '', write: (text) => (writer.text += text), ...given };
  return writer;
}

export interface TestOutput {
  readonly output: Output;
  readonly stdout: RememberingWriter;
  readonly stderr: RememberingWriter;
}

/** An output that remembers; a pipe on both sides if not told otherwise. */
export function testOutput(given: Partial<OutputOptions> & { tty?: boolean; columns?: number } = {}): TestOutput {
  const { tty = false, columns, ...options } = given;
  const side = { isTTY: tty, ...(columns === undefined ? {} : { columns }) };
  const [stdout, stderr] = [remember(side), remember(side)];
  const surroundings = { noColor: false, forceColor: false, isCi: false };
  return { output: createOutput({ stdout, stderr, surroundings, quiet: false, plain: false, ...options }), stdout, stderr };
}
