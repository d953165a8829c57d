/** Starts the local host with the options in the first argument, in a process of its own, and tells its parent the URL. */
import { startLocalHost } from '../host.ts';

const host = await startLocalHost({ host: '127.0.0.1', port: 0, ...JSON.parse(process.argv[2] ?? '{}') });
process.send?.(host.url);
process.on('SIGTERM', () => host.stop().then(() => process.exit(0)));
