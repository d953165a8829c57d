/** Memory does not grow with what is sent or read: uploads and answers stream. docs/performance.md has 4 GB and 10,000 parts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { dicomRequests } from './dicom-requests.ts';
import { newUids } from './instance-file.ts';
import { growth, largeFile, manyParts, readSlowly, stow, warmUp } from './large-requests.ts';

let server: LocalServer;
let base: string;
beforeAll(async () => {
  server = await startLocalServer();
  base = `${server.url}/dicom/v2`;
  await warmUp(base);
});
afterAll(() => server.stop());

const megabytes = 400;
/** Far less than is sent; what the collector lets stand is in it. */
const mostGrowth = 120;

describe('Memory', () => {
  const large = newUids();

  it(`stays flat while a file of ${megabytes} MB comes`, async () => {
    const { result, megabytes: grown } = await growth(server, async () => {
      const answer = await stow(base, 'application/dicom', largeFile(large, megabytes * 1e6));
      return { status: answer.status, text: await answer.text() };
    });
    expect([result.status, result.text]).toEqual([200, expect.stringContaining(large.instance)]);
    expect(grown).toBeLessThan(mostGrowth);
  });

  it('stays flat while a client that reads slowly is sent it', async () => {
    const { result: bytes, megabytes: grown } = await growth(server, () =>
      readSlowly(`${base}/studies/${large.study}`, 1500),
    );
    expect(bytes).toBeGreaterThan(megabytes * 1e6);
    expect(grown).toBeLessThan(mostGrowth);
  });

  it('stays flat over 3,000 parts of one request', async () => {
    const uids = newUids();
    const type = 'multipart/related; type="application/dicom"; boundary=XX';
    const { result, megabytes: grown } = await growth(server, async () => {
      const answer = await stow(base, type, manyParts(uids, 3000));
      return { status: answer.status, json: JSON.parse(await answer.text()) };
    });
    expect(result.status).toBe(200);
    expect(result.json['00081199'].Value).toHaveLength(3000);
    expect(grown).toBeLessThan(mostGrowth);
    const found = await dicomRequests(base).get(
      `/studies/${uids.study}/series?includefield=NumberOfSeriesRelatedInstances`,
    );
    expect(found.json[0]['00201209'].Value).toEqual([3000]);
  });
});
