import { describe, expect, test } from 'vitest';
import { fillTemplate, toTemplate, variablesOf } from '#reviewers/judging/prompt-template.ts';

describe('a prompt file', () => {
  test.each([
    ['<!-- for editors\n{{unknown}} -->\n\nText {{a}}\n', 'Text {{a}}\n'],
    ['\r\n<!-- x -->\r\nText\r\n\r\nMore\r\n', 'Text\n\nMore\n'],
    ['Text <!-- stays -->', 'Text <!-- stays -->\n'],
    ['<!-- without an end', '<!-- without an end\n'],
  ])('%j is sent as %j', (file, text) => {
    expect(toTemplate('prompts/x.md', file)).toEqual({ place: 'prompts/x.md', text });
  });
});

describe('a template', () => {
  const template = (text: string) => ({ place: 'prompts/x.md', text });

  test('is filled in everywhere at once, and what is filled in is never looked at again', () => {
    const values = { a: '{{b}} $& $1 {{c}}', b: '{{a}}' };
    expect(fillTemplate(template('{{a}} {{ b }} {{a}} {b} {{}} {{\n}}'), values)).toBe('{{b}} $& $1 {{c}} {{a}} {{b}} $& $1 {{c}} {b} {{}} {{\n}}');
  });

  test('names its variables', () => {
    expect([...variablesOf(template('{{a}} {{ b_1 }} {{a}}'))]).toEqual(['a', 'b_1']);
  });

  test.each(['{{document}}', '{{document content}}', '{{toString}}'])('with the unknown variable %s is refused by name', (text) => {
    expect(() => fillTemplate(template(`x ${text}`), { b: '', a: '' })).toThrow(
      expect.objectContaining({ kind: 'Misconfigured', code: 'PROMPT_INVALID', message: `The prompt prompts/x.md has an unknown variable ${text}. There is: a, b.` }),
    );
  });
});
