// Set-up of a checkout: `--production` before `npm start`, `--development` before `npm test`.
// This file must parse under any Node, so that an old one gets a sentence instead of a syntax error;
// everything else stands in tools/setup/ and is loaded only once the version is known to fit.
import process from 'node:process';

var major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  process.stderr.write(
    'koubou: this is Node ' + process.versions.node + ', but set-up needs Node 20 or newer. ' +
    'Install one from https://nodejs.org (or run `nvm install 24`), then run the same command again.\n',
  );
  process.exitCode = 1;
} else {
  void import('./setup/main.mjs').then(function (setup) {
    return setup.main(process.argv.slice(2));
  }).then(function (code) {
    process.exitCode = code;
  });
}
