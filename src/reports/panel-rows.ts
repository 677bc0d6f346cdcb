import { scoredCategories } from '#domain/finding.ts';
import type { Panel, PanelMark } from '#domain/panel.ts';
import type { ProjectContext } from '#domain/project-context.ts';
import { bytesWord, counted, scoreWord } from './wording.ts';

/** '0.85', or a dash where nothing can be compared. */
export function agreementWord(agreement: number | null): string {
  return agreement === null ? '–' : agreement.toFixed(2);
}

/** One row per reviewer: its id, its categories taken alone, and what it says of itself. */
export function reviewerRows({ reviewers }: Panel): string[][] {
  return reviewers.map(({ id, categories, modelScore, modelReady }) => {
    const ready = modelReady == null ? '' : modelReady ? ', ready' : ', not ready';
    return [id, ...scoredCategories.map((category) => scoreWord(categories[category])), modelScore == null ? '' : `${scoreWord(modelScore)}${ready}`];
  });
}

/** One row per category or criterion that models gave marks for: name, marks by whom, median, agreement, outliers. */
export function markRows({ marks }: Panel): string[][] {
  return marks.map((mark) => [mark.name, marksWord(mark), scoreWord(mark.median), agreementWord(mark.agreement), mark.outliers.join(', ')]);
}

function marksWord({ by }: PanelMark): string {
  return by.map(({ reviewer, mark }) => `${reviewer} ${scoreWord(mark)}`).join(', ');
}

/** What models were shown of the project, one line a fact. Untrusted: names of files. */
export function contextLines({ project, files, listed, total, leftOut }: Omit<ProjectContext, 'sha256'>): string[] {
  const shown = files.map(({ path, bytes, cut }) => `${path} (${bytesWord(bytes)}${cut === true ? ', its beginning' : ''})`);
  return [
    `${project === '.' ? 'root folder' : project}: ${listed} of ${counted(total, 'name')}`,
    ...(shown.length === 0 ? [] : [`Shown: ${shown.join(', ')}`]),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.map(({ path, because }) => `${path}, ${because}`).join('; ')}`]),
  ];
}
