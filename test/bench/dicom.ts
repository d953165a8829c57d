/** The DICOM service under load against plain files and plain HTTP, each pair in one run. */
import { asFile, asParts, DicomServer, framed, json } from './dicom-server.ts';
import { plainFiles } from './floor.ts';
import { load, type Shot } from './load.ts';
import { type Contest, contest } from './rounds.ts';

const large = 512 * 1024;
const small = 8 * 1024;
const imagesInStudy = 200;
const studies = 1000;
const study = 1;

interface Options {
  readonly seconds: number;
  readonly rounds: number;
  /** Contests whose names have it; empty: all. */
  readonly only: string;
}

interface Prepared {
  readonly name: string;
  /** Stores what it needs, and starts its floor. */
  readonly prepare: (server: DicomServer) => Promise<Omit<Contest, 'name'>>;
}

export async function benchDicom({ seconds, rounds, only }: Options): Promise<void> {
  const chosen = contests.filter(({ name }) => name.toLowerCase().includes(only));
  if (chosen.length === 0) return;
  const server = await DicomServer.start();
  await server.fill('images', imagesInStudy, large, study);
  await server.fill('studies', studies, small);
  console.log(`DICOM: medians of ${rounds} rounds of ${seconds} s, floor and service in turns.`);
  for (const { name, prepare } of chosen) await contest({ name, ...(await prepare(server)) }, { rounds, seconds });
  console.log(`memory at the end ${server.rss().toFixed(0)} MB.`);
  await server.stop();
}

const contests: readonly Prepared[] = [
  {
    name: 'STOW 512 KiB, 1 a request, c=4',
    prepare: async (server) => ({
      unit: '/s',
      floor: (time) => plainFiles(large, 4, time),
      subject: server.rate('stored', 4, () => stow(asFile, server.images.next(large))),
      aim: { ratio: 0.8 },
    }),
  },
  {
    name: 'STOW 8 KiB, 20 a request, c=4: instances',
    prepare: async (server) => {
      const twenty = () => framed(Array.from({ length: 20 }, () => server.images.next(small)));
      const requests = server.rate('stored', 4, () => stow(asParts, twenty()));
      return {
        unit: '/s',
        floor: (time) => plainFiles(small, 4, time),
        subject: async (time) => 20 * (await requests(time)),
        aim: { ratio: 4 },
      };
    },
  },
  {
    name: 'WADO frame of 512 KiB, c=4',
    prepare: async (server) => {
      const headers = { Accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*' };
      let count = 0;
      const next = (): Shot => {
        const { series, instance } = server.images.uids(study, 1 + (count++ % imagesInStudy));
        return get(`${studyPath(server)}/series/${series}/instances/${instance}/frames/1`, headers);
      };
      const floor = await server.rateOfSameBytes('images', 4, next());
      return { unit: '/s', floor, subject: server.rate('images', 4, next), aim: { ratio: 0.5 } };
    },
  },
  {
    name: 'WADO study of 200 of 512 KiB',
    prepare: async (server) => {
      const { url } = await server.plain(large, imagesInStudy);
      const shot = get(studyPath(server), {
        Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
      });
      return {
        unit: 'MB/s',
        floor: async (time) => (await load(url, 1, time, () => get('/', {}))).megabytes,
        subject: server.megabytes('images', () => shot),
        aim: { ratio: 0.4 },
      };
    },
  },
  {
    name: 'metadata of a study of 200, c=4',
    prepare: async (server) => {
      const shot = get(`${studyPath(server)}/metadata`, json);
      const floor = await server.rateOfSameBytes('images', 4, shot);
      return { unit: '/s', floor, subject: server.rate('images', 4, () => shot), aim: { rate: 150 } };
    },
  },
  qido('patient, 1 hit', 'PatientID=000001300'),
  qido('name, 20 hits', 'PatientName=Family000000007^Given'),
  qido('name, fuzzy, 20 hits', 'PatientName=given&fuzzymatching=true'),
  qido('date, 20 hits', 'StudyDate=20260107-20260107'),
];

function qido(by: string, query: string): Prepared {
  return {
    name: `QIDO of 1,000 by ${by}, c=16`,
    prepare: async (server) => {
      const shot = get(`/studies?limit=20&${query}`, json);
      const floor = await server.rateOfSameBytes('studies', 16, shot);
      return { unit: '/s', floor, subject: server.rate('studies', 16, () => shot), aim: { rate: 1500 } };
    },
  };
}

function stow(headers: Record<string, string>, body: Uint8Array): Shot {
  return { method: 'POST', path: '/studies', headers, body };
}

function get(path: string, headers: Record<string, string>): Shot {
  return { method: 'GET', path, headers };
}

function studyPath({ images }: DicomServer): string {
  return `/studies/${images.uids(study, 1).study}`;
}
