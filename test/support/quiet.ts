import { DefaultLogger, Runtime } from '@temporalio/worker';

// Failing attempts are what many tests are about; the log would drown what matters.
Runtime.install({ logger: new DefaultLogger('ERROR') });
