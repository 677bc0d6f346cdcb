import path from 'node:path';

/** Whether a place is a folder or lies below it, by the letters alone: links are the caller's business. */
export function isWithin(place: string, above: string): boolean {
  const relative = path.relative(above, place);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}
