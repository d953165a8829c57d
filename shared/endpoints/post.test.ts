import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from './endpoint-address.ts';
import { openPoster } from './post.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

async function listening(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function posting(allow: string[], resolve: (name: string) => Promise<readonly Address[]>) {
  const poster = openPoster(allow, resolve);
  opened.push(poster);
  return (url: string, timeoutSeconds = 5) =>
    poster.post({ method: 'POST', url: new URL(url), headers: {}, body: Buffer.from('{}'), timeoutSeconds });
}

const loopback = async (): Promise<readonly Address[]> => [{ address: '127.0.0.1', family: 4 }];

describe('a request to an endpoint', () => {
  it('goes to the address that was checked, whatever the name says the next time', async () => {
    const hosts: (string | undefined)[] = [];
    const { port } = await listening((request, response) => {
      hosts.push(request.headers.host);
      response.end();
    });
    let asked = 0;
    const post = posting([`http://hook.example:${port}`], async () => {
      asked += 1;
      return loopback();
    });
    await post(`http://hook.example:${port}/`);
    expect([asked, hosts]).toEqual([1, [`hook.example:${port}`]]);
  });

  it('is not made when the name leads into a private network', async () => {
    let requests = 0;
    const { port } = await listening((_, response) => {
      requests += 1;
      response.end();
    });
    await expect(posting([], loopback)(`http://hook.example:${port}/`)).rejects.toThrow(/not at a public address/);
    expect(requests).toBe(0);
  });

  it('is not made to the metadata of a cloud that a name leads to', async () => {
    for (const address of ['169.254.169.254', '168.63.129.16', 'fd00:ec2::254', '::ffff:169.254.169.254']) {
      const found = async () => [{ address, family: address.includes(':') ? 6 : 4 } as const];
      await expect(posting([], found)('http://hook.example/')).rejects.toThrow(/not at a public address/);
    }
  });

  it('follows no redirect', async () => {
    const paths: (string | undefined)[] = [];
    const { port } = await listening((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { Location: 'http://169.254.169.254/latest' }).end();
    });
    const post = posting([`http://hook.example:${port}`], loopback);
    await expect(post(`http://hook.example:${port}/hook`)).rejects.toThrow(/status 307/);
    expect(paths).toEqual(['/hook']);
  });

  it('fails with a text that says no more than what happened', async () => {
    const { port } = await listening((_, response) => {
      response.writeHead(418).end('a secret');
    });
    const post = posting(['http://hook.example:*'], loopback);
    await expect(post(`http://hook.example:${port}/`)).rejects.toThrow(/^The endpoint answered with status 418\.$/);
    await expect(post('http://hook.example:1/')).rejects.toThrow(/^The endpoint cannot be reached\.$/);
    const nameless = posting([], () => Promise.reject(new Error('ENOTFOUND hook.example')));
    await expect(nameless('http://hook.example/')).rejects.toThrow(/^The name of the endpoint cannot be resolved\.$/);
  });

  it('is given up when the name server, the answer or its end does not come in time', async () => {
    const { port } = await listening((request, response) => {
      if (request.url === '/half') response.writeHead(200).write('half');
    });
    const post = posting(['http://hook.example:*'], loopback);
    await expect(post(`http://hook.example:${port}/`, 0.2)).rejects.toThrow(/in time/);
    await expect(post(`http://hook.example:${port}/half`, 0.2)).rejects.toThrow(/in time/);
    await expect(posting([], () => new Promise(() => {}))('http://hook.example/', 0.2)).rejects.toThrow(/in time/);
  });

  it('does not read an answer without end', async () => {
    let sent = 0;
    const { port } = await listening((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) sent += 1;
      };
      response.on('drain', more);
      more();
    });
    await posting(['http://hook.example:*'], loopback)(`http://hook.example:${port}/`);
    expect(sent).toBeLessThan(1000);
  });
});
