import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

export interface Azurite {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** Azurite's own, which it tells everybody. */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Blob Storage on a free port, in memory. */
export async function startAzurite(): Promise<Azurite> {
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  const options = ['--blobPort', '0', '--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const endpoint = await new Promise<string>((resolve, reject) => {
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => {
      const [, url] = /successfully listens on (http:\S+)/.exec(line) ?? [];
      if (url) resolve(url);
    });
    lines.on('close', () => reject(new Error('Azurite did not start.')));
  });
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint}/${account};`,
    stop: async () => {
      child.kill();
      await closed;
    },
  };
}
