import { describe, expect, test } from 'vitest';
import { html, htmlText, trusted, type HtmlValue } from '#reports/html/template.ts';

describe('html template', () => {
  test('escapes every value, in text and in attributes', () => {
    const attack = `<b title="x" y='z'>&amp;`;
    expect(htmlText(html`<p title="${attack}">${attack}</p>`)).toBe(
      '<p title="&lt;b title=&quot;x&quot; y=&#39;z&#39;&gt;&amp;amp;">&lt;b title=&quot;x&quot; y=&#39;z&#39;&gt;&amp;amp;</p>',
    );
  });

  test('takes its own results, lists and numbers as they are, and nothing for null', () => {
    expect(htmlText(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${null}${undefined}${['<', trusted('<i>')]}</ul>`)).toBe('<ul><li>1</li><li>2</li>&lt;<i></ul>');
  });

  test('takes no object for markup that did not come from a template', () => {
    const forged = JSON.parse('{"markup":"<script>","html":"<script>","Symbol(markup)":"<script>"}') as HtmlValue;
    expect(htmlText(html`<p>${forged}</p>`)).not.toContain('<script>');
  });

  test('shows controls and characters that turn text', () => {
    expect(htmlText(html`${'a\u0000\u001B\u202Eb\nc\td'}`)).toBe('a\\u{0}\\u{1B}\\u{202E}b\nc\td');
  });
});
