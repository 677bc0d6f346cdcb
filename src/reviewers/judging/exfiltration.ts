/** Programs that send something elsewhere. */
const senders = ['curl ', 'wget ', 'nc ', 'invoke-webrequest', 'fetch('];
const secretPlaces = ['.ssh/', 'id_rsa', 'id_ed25519', '/etc/passwd', '/etc/shadow', '.aws/credentials', '.netrc', '.npmrc', 'printenv', '.codex/auth.json', '.claude/.credentials'];
const secretWords = ['secret', 'token', 'password', 'api_key', 'apikey', 'credential', 'conversation', 'system_prompt'];
/** What is sent and where stands on one line; what is longer is data. */
const longestLine = 4_000;

/** Lines (1-based) that would carry something secret to another machine if somebody or something followed them. */
export function exfiltrationLines(text: string): number[] {
  return text.split('\n').flatMap((whole, index) => {
    const line = whole.slice(0, longestLine).toLowerCase();
    return sendsSecret(line) || loadsWithSecret(line) ? [index + 1] : [];
  });
}

function sendsSecret(line: string): boolean {
  return senders.some((sender) => line.includes(sender)) && secretPlaces.some((place) => line.includes(place));
}

// An image whose address is to be filled in with a secret: whoever shows it sends it.
function loadsWithSecret(line: string): boolean {
  const address = line.indexOf('](http', Math.max(0, line.indexOf('![')));
  if (address === -1 || !line.includes('![')) return false;
  const rest = line.slice(address);
  const hole = Math.max(rest.indexOf('{{'), rest.indexOf('${'), rest.indexOf('=['), rest.indexOf('=<'));
  return hole !== -1 && secretWords.some((word) => rest.includes(word, hole));
}
