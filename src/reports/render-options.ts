/** What the reader's side knows and a report does not; each format takes what it can use. */
export interface RenderOptions {
  /** Human: ANSI colours. Off by default. */
  readonly color?: boolean;
  /** Human: columns of the terminal; without it nothing is cut. */
  readonly width?: number;
  /** Human: signs and bars beyond ASCII. On by default. */
  readonly unicode?: boolean;
  /** Human: where the run can be watched. */
  readonly links?: { readonly webUi?: string };
  /** Human: how the reader calls this program, 'koubou' by default. */
  readonly command?: string;
}
