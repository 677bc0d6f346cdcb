const element = /<([A-Za-z_]{2,40})((?:\s[^<>]{0,80})?)>([^<>]{1,120})<\/\1>/g;

/** The XML elements of a line as labelled sentences, 'score: 7.4/10', or undefined for a line without any. */
export function elementSentences(line: string): string[] | undefined {
  if (!line.includes('</')) return undefined;
  const sentences = [...line.slice(0, 1200).matchAll(element)].map(([, name = '', attributes = '', content = '']) => {
    const max = /\smax=["']?(\d{1,3})/.exec(attributes)?.[1];
    return `${name}: ${content.trim()}${max === undefined || content.includes('/') ? '' : `/${max}`}`;
  });
  return sentences.length === 0 ? undefined : sentences;
}
