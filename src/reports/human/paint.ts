import { styleText } from 'node:util';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly fair: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly signs: Signs;
}

interface Signs {
  readonly arrow: string;
  readonly times: string;
  readonly ellipsis: string;
  readonly good: string;
  readonly fair: string;
  readonly bad: string;
  /** Cells of a bar: there before, gained, lost, missing. */
  readonly bar: { readonly kept: string; readonly gained: string; readonly lost: string; readonly empty: string };
}

const unicodeSigns: Signs = {
  arrow: '→', times: '×', ellipsis: '…', good: '✓', fair: '•', bad: '✗',
  bar: { kept: '█', gained: '▓', lost: '▒', empty: '░' },
};

const asciiSigns: Signs = {
  arrow: '->', times: 'x', ellipsis: '...', good: '+', fair: '*', bad: 'x',
  bar: { kept: '#', gained: '+', lost: '-', empty: '.' },
};

type Style = Parameters<typeof styleText>[0];

/** The few styles and signs of the terminal report; without colour every style leaves its text alone. */
export function createPaint({ color, unicode }: { readonly color: boolean; readonly unicode: boolean }): Paint {
  const style = (format: Style) => (text: string): string => (color && text !== '' ? styleText(format, text, { validateStream: false }) : text);
  return {
    bold: style('bold'),
    dim: style('dim'),
    good: style('green'),
    fair: style('yellow'),
    bad: style('red'),
    signs: unicode ? unicodeSigns : asciiSigns,
  };
}
