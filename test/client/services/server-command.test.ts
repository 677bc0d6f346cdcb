import { describe, expect, test } from 'vitest';
import { serverArguments } from '#client/services/server-command.ts';

const place = { ip: '127.0.0.1', port: 27_233, uiPort: 28_233, databaseFile: '/state/temporal.db', namespace: 'default' };

describe('the command line of the local server', () => {
  test('names loopback, ports, database, attributes and the settings that decide the speed', () => {
    expect(serverArguments(place)).toEqual([
      'server', 'start-dev', '--disable-config-env', '--disable-config-file',
      '--ip', '127.0.0.1', '--port', '27233', '--ui-port', '28233', '--namespace', 'default',
      '--db-filename', '/state/temporal.db', '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal',
      '--search-attribute', 'KoubouStatus=Keyword',
      '--search-attribute', 'KoubouOutcome=Keyword',
      '--search-attribute', 'KoubouArtifact=Keyword',
      '--search-attribute', 'KoubouTenant=Keyword',
      '--search-attribute', 'KoubouScore=Double',
      '--search-attribute', 'KoubouTarget=Double',
      '--search-attribute', 'KoubouIteration=Int',
      '--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000',
      '--dynamic-config-value', 'history.timerProcessorMaxPollRPS=2000',
      '--dynamic-config-value', 'history.visibilityProcessorMaxPollRPS=2000',
      '--dynamic-config-value', 'matching.numTaskqueueReadPartitions=1',
      '--dynamic-config-value', 'matching.numTaskqueueWritePartitions=1',
      '--dynamic-config-value', 'matching.TaskQueueInfoByBuildIdTTL="1s"',
      '--dynamic-config-value', 'system.enableActivityEagerExecution=true',
      '--ui-disable-news-fetch', '--log-level', 'warn',
    ]);
  });

  test('keeps runs in memory where there is no database file', () => {
    const args = serverArguments({ ...place, databaseFile: null });
    expect(args.filter((argument) => /db-filename|sqlite/.test(argument))).toEqual([]);
  });

  test.each(['0.0.0.0', '::', '192.168.1.4', 'example.org', '127.0.0.1.example.org', '', 'localhost'])(
    'temporal-05: the local server never listens on %j',
    (ip) => {
      expect(() => serverArguments({ ...place, ip })).toThrow(
        expect.objectContaining({ kind: 'Misconfigured', code: 'SERVICE_NOT_LOOPBACK' }),
      );
    },
  );
});
