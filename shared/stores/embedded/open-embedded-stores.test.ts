import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockDataDir } from './lock-data-dir.ts';
import { openResourceStore, openWorkQueue } from './open-embedded-stores.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('opening embedded stores', () => {
  let dataDir: string;
  let remove: () => void;
  beforeEach(() => {
    ({ path: dataDir, remove } = temporaryFolder());
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    remove();
  });
  const file = (service: string) => path.join(dataDir, 'fhir', service, 'resources.db');

  it('makes a folder and a signing key for each service; the key stays', async () => {
    const one = await openResourceStore({ dataDir, service: 'one' });
    const two = await openResourceStore({ dataDir, service: 'two' });
    expect(one.signingKey).toHaveLength(32);
    expect(one.signingKey).not.toEqual(two.signingKey);
    await one.close();
    await two.close();
    const again = await openResourceStore({ dataDir, service: 'one' });
    expect(again.signingKey).toEqual(one.signingKey);
    await again.close();
    expect(readdirSync(path.join(dataDir, 'fhir'))).toEqual(['one', 'two']);
  });

  it('keeps services apart', async () => {
    const one = await openResourceStore({ dataDir, service: 'one' });
    const two = await openResourceStore({ dataDir, service: 'two' });
    const key = { type: 'Basic', id: '1' };
    await one.commit([
      { kind: 'put', key, expected: 0, method: 'PUT', body: new Uint8Array(1), index: [], keepPrevious: true },
    ]);
    expect(await two.read(key)).toBeUndefined();
    await one.close();
    await two.close();
  });

  it('is refused inside Azure', async () => {
    vi.stubEnv('WEBSITE_INSTANCE_ID', 'abc');
    await expect(openResourceStore({ dataDir, service: 'fhir' })).rejects.toThrow('do not run inside Azure');
    await expect(openWorkQueue(dataDir)).rejects.toThrow('do not run inside Azure');
  });

  it('refuses the database of a newer release, and lets go of the folder', async () => {
    await (await openResourceStore({ dataDir, service: 'fhir' })).close();
    const database = new DatabaseSync(file('fhir'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(openResourceStore({ dataDir, service: 'fhir' })).rejects.toThrow('schema version 99');
    lockDataDir(dataDir)();
  });

  it('lets go of every file and thread when it closes, however often it is told to', async () => {
    const store = await openResourceStore({ dataDir, service: 'fhir' });
    await Promise.all([store.close(), store.close()]);
    expect(readdirSync(path.dirname(file('fhir')))).toEqual(['resources.db']);
    await expect(store.read({ type: 'Basic', id: '1' })).rejects.toThrow();
  });
});
