/** A reason why set-up cannot go on: what is missing and the command that fixes it, in one or two sentences. */
export class SetupFailure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'SetupFailure';
    this.exitCode = exitCode;
  }
}

/** One line of set-up's own, on standard error: standard output belongs to the command that set-up runs before. */
export function say(line) {
  process.stderr.write(`koubou: ${line}\n`);
}

const everyMs = 5000;

/** Says what begins, then every five seconds that it is still going on and for how long. */
export function startProgress(first, still) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(first);
  const timer = setInterval(() => say(`${still} (${seconds()} s)`), everyMs);
  timer.unref();
  return {
    stop(last) {
      clearInterval(timer);
      if (last) say(`${last} (${seconds()} s)`);
    },
  };
}
