// An absolute path of two names or more, of this system or of Windows; what follows '://' is an address.
const absolutePath = /(?<![\w.:/~\\-])(?:\/[^\s/"'`,;:()<>|]+){2,}\/?|(?<![\w])[A-Za-z]:\\[^\s"'`,;()<>|]+/g;

/** A message without the places of this machine, which are nobody's business at the other end. What the caller wrote stays. */
export function withoutPaths(message: string, given = ''): string {
  return message.replace(absolutePath, (path) => (given.includes(path) ? path : '(a path of the server)'));
}
