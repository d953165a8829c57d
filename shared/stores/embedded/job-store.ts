/** Job documents on SQLite. */
import type { DatabaseSync } from 'node:sqlite';
import { isActive, type Job, type JobStore, keptJobs, type StoredJob } from '../jobs/job-store.ts';
import { openWriter, transaction } from './connection.ts';
import { migrate } from './schema.ts';

const versionOne = `
  CREATE TABLE job (
    number INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    active INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
  );
  CREATE UNIQUE INDEX job_by_id ON job (service, id);
  CREATE INDEX job_by_kind ON job (service, kind, active, number);
`;

function prepareAll(database: DatabaseSync) {
  return {
    add: database.prepare('INSERT INTO job (service, id, kind, active, revision, document) VALUES (?, ?, ?, ?, 1, ?)'),
    read: database.prepare('SELECT revision, document FROM job WHERE service = ? AND id = ?'),
    active: database.prepare('SELECT revision, document FROM job WHERE service = ? AND active = 1 ORDER BY number'),
    forget: database.prepare(`
      DELETE FROM job WHERE service = ?1 AND kind = ?2 AND active = 0 AND number <= (
        SELECT number FROM job WHERE service = ?1 AND kind = ?2 AND active = 0 ORDER BY number DESC LIMIT 1 OFFSET ?3)`),
    replace: database.prepare(
      'UPDATE job SET active = ?, revision = revision + 1, document = ? WHERE service = ? AND id = ? AND revision = ?',
    ),
  };
}

export class EmbeddedJobStore implements JobStore {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;
  readonly #onClose: () => void;

  constructor(file: string, onClose: () => void) {
    this.#database = openWriter(file);
    migrate(this.#database, [versionOne]);
    this.#run = prepareAll(this.#database);
    this.#onClose = onClose;
  }

  async create(job: Job, alone: boolean): Promise<{ job: StoredJob; created: boolean }> {
    return transaction(this.#database, () => {
      const other = alone ? this.#active(job.service).find(({ kind }) => kind === job.kind) : undefined;
      if (other) return { job: other, created: false };
      this.#run.add.run(job.service, job.id, job.kind, Number(isActive(job)), JSON.stringify(job));
      this.#run.forget.run(job.service, job.kind, keptJobs);
      return { job: { ...job, revision: 1 }, created: true };
    });
  }

  async read(service: string, id: string): Promise<StoredJob | undefined> {
    const row = this.#run.read.get(service, id);
    return row && stored(row as unknown as JobRow);
  }

  async active(service: string): Promise<readonly StoredJob[]> {
    return this.#active(service);
  }

  async replace(job: Job, revision: number): Promise<boolean> {
    const { revision: _, ...document } = job as StoredJob;
    const text = JSON.stringify(document);
    return this.#run.replace.run(Number(isActive(job)), text, job.service, job.id, revision).changes === 1;
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#database.close();
    this.#onClose();
  }

  #active(service: string): StoredJob[] {
    return (this.#run.active.all(service) as unknown as JobRow[]).map(stored);
  }
}

interface JobRow {
  readonly revision: number;
  readonly document: string;
}

function stored({ revision, document }: JobRow): StoredJob {
  return { ...(JSON.parse(document) as Job), revision };
}
