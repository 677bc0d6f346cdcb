import { expect, test } from 'vitest';
import { draftTeller } from '#client/cli/tell-draft.ts';

test('what was drafted is told once, in one line that a terminal does not obey', () => {
  const lines: string[] = [];
  const tell = draftTeller({ say: (line) => void lines.push(line) });
  tell(undefined);
  tell({ by: 'claude', chosen: { name: 'a\u001b[2J\n.md', language: 'markdown', why: 'The model named it.' } });
  tell({ by: 'claude', chosen: { name: 'b.md', language: 'markdown', why: 'The model named it.' } });
  expect(lines).toEqual(['Drafted a\\u{1B}[2J .md (markdown) by claude. The model named it.']);
});
