import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { readNamedFile } from '#io/named-files.ts';

const id = z.string().min(1).max(64);
const report = z.object({ findings: z.array(z.object({ id })) });
const shapes = z.union([z.array(id), report, z.object({ reports: z.array(report.partial()) })]);

/** A report of 20,000 findings has about 10 MB. */
const maxBytes = 64_000_000;
/** What a request may carry. */
const maxIds = 20_000;

/**
 * The ids of the findings that a baseline file holds: a report.json, a batch's JSON, or a JSON list of ids.
 *
 * Fails   InvalidInput BASELINE_INVALID, FILE_NOT_FOUND, FILE_TOO_LARGE
 */
export function readBaseline(file: string): string[] {
  const read = shapes.safeParse(parse(readNamedFile(file, maxBytes), file));
  if (!read.success) throw invalid(`${file} is no baseline: it is neither a koubou report.json nor a JSON list of finding ids.`);
  const ids = [...new Set(idsOf(read.data))];
  if (ids.length > maxIds) throw invalid(`${file} names ${ids.length} findings; a baseline holds at most ${maxIds}.`);
  return ids;
}

function idsOf(file: z.infer<typeof shapes>): string[] {
  if (Array.isArray(file)) return file;
  const reports = 'reports' in file ? file.reports : [file];
  return reports.flatMap(({ findings }) => (findings ?? []).map((finding) => finding.id));
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`${file} is not JSON; a baseline is a koubou report.json or a JSON list of finding ids.`, cause);
  }
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError('InvalidInput', 'BASELINE_INVALID', message, { cause });
}
