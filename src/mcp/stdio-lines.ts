/** The end of a line, or that it was too long: then what is needed to answer it. */
export type Line = { readonly text: string } | { readonly tooLong: true; readonly head: string; readonly tail: string };

export interface LineReader {
  /** Takes the next bytes in and calls back for each line that they end. */
  push(chunk: Uint8Array): void;
}

const lineFeed = 10;
/** An id stands at the beginning of a message or at its end. */
const keptBytes = 4_096;

/** Splits bytes into lines; of one longer than `maxBytes` only the two ends are kept, and the reading goes on behind it. */
export function readLines(maxBytes: number, onLine: (line: Line) => void): LineReader {
  let [parts, bytes, dropped]: [Uint8Array[], number, Uint8Array | null] = [[], 0, null];
  let tail: Uint8Array = new Uint8Array();

  const take = (piece: Uint8Array): void => {
    bytes += piece.length;
    if (dropped === null && bytes > maxBytes) {
      dropped = Buffer.from(Buffer.concat([...parts, piece]).subarray(0, keptBytes));
      parts = [];
    }
    if (dropped === null) parts.push(piece);
    else tail = Buffer.concat([tail, piece.subarray(-keptBytes)]).subarray(-keptBytes);
  };
  const finish = (): void => {
    const line: Line = dropped === null ? { text: Buffer.concat(parts).toString('utf8') } : { tooLong: true, head: Buffer.from(dropped).toString('utf8'), tail: Buffer.from(tail).toString('utf8') };
    [parts, bytes, dropped, tail] = [[], 0, null, new Uint8Array()];
    onLine(line);
  };
  return {
    push: (chunk) => {
      let from = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
        take(chunk.subarray(from, end));
        finish();
        from = end + 1;
      }
      if (from < chunk.length) take(chunk.subarray(from));
    },
  };
}

const idAtHead = /^\s*\{\s*(?:"(?:jsonrpc|method)"\s*:\s*"[^"\\]{0,100}"\s*,\s*){0,2}"id"\s*:\s*(-?\d{1,15}|"[^"\\]{0,200}")/;
const idAtTail = /[}\]]\s*(?:,\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]{0,100}"\s*){0,2},\s*"id"\s*:\s*(-?\d{1,15}|"[^"\\]{0,200}")\s*(?:,\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]{0,100}"\s*){0,2}\}\s*$/;

/** The id of a request of which only the ends are known; null where it stands at neither. */
export function idOfEnds({ head, tail }: { readonly head: string; readonly tail: string }): string | number | null {
  const found = idAtHead.exec(head)?.[1] ?? idAtTail.exec(tail)?.[1];
  return found === undefined ? null : (JSON.parse(found) as string | number);
}
