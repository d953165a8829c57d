/** `node test/bench/memory.ts`: the largest requests that AHDS takes, once, and what the server's memory does. Needs 5 GB of disk. */
import { growth, largeFile, manyParts, readSlowly, stow, warmUp } from '../dicom/large-requests.ts';
import { startLocalServer } from '../local-server.ts';

/** As much as a request may have, with room for the head. */
const bytes = 4 * 1024 ** 3 - 1024 * 1024;
const parts = 10_000;
const [large, many] = [
  { study: '1.5.1', series: '1.5.1.1', instance: '1.5.1.1.1' },
  { study: '1.5.2', series: '1.5.2.1', instance: '' },
];

const server = await startLocalServer();
const base = `${server.url}/dicom/v2`;
await warmUp(base);
await measured('a file of 4 GiB is stored', async () => {
  const answer = await stow(base, 'application/dicom', largeFile(large, bytes));
  return `${answer.status} ${(await answer.text()).length} bytes`;
});
await measured(
  'it is read, 5 s not at all',
  async () => `${await readSlowly(`${base}/studies/${large.study}`, 5000)} bytes`,
);
await measured(`${parts} parts are stored`, async () => {
  const answer = await stow(base, 'multipart/related; type="application/dicom"; boundary=XX', manyParts(many, parts));
  return `${answer.status} ${(await answer.text()).length} bytes`;
});
await measured('they are read', async () => `${await readSlowly(`${base}/studies/${many.study}`, 1000)} bytes`);
await server.stop();

async function measured(what: string, work: () => Promise<string>): Promise<void> {
  const [started, before] = [performance.now(), server.rss()];
  const { result, megabytes } = await growth(server, work);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${what.padEnd(32)} ${seconds} s, ${before.toFixed(0)} MB before, at most ${megabytes.toFixed(0)} MB more; ${result}`,
  );
}
