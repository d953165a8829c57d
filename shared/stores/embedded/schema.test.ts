import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate } from './schema.ts';

const one = 'CREATE TABLE a (x)';
const two = 'ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (1, 2)';
const versionOf = (database: DatabaseSync) => database.prepare('PRAGMA user_version').get()?.user_version;

describe('the schema', () => {
  it('is made in an empty database, and opening again changes nothing', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    const tables = () => database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    const before = tables();
    migrate(database);
    expect(tables()).toEqual(before);
    expect(before.length).toBeGreaterThan(20);
    expect(versionOf(database)).toBe(2);
  });

  it('goes from an older version through the steps that are missing', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, [one]);
    migrate(database, [one, two]);
    expect(database.prepare('SELECT x, y FROM a').get()).toMatchObject({ x: 1, y: 2 });
    expect(versionOf(database)).toBe(2);
  });

  it('stays as it was when a step fails', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, [one]);
    expect(() => migrate(database, [one, two, 'CREATE TABLE a (again)'])).toThrow('already exists');
    expect(versionOf(database)).toBe(1);
    expect(database.prepare('SELECT count(*) AS n FROM a').get()).toMatchObject({ n: 0 });
  });

  it('of a newer release is refused by name of both versions', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, [one, two]);
    expect(() => migrate(database, [one])).toThrow(
      'The database has schema version 2, but this release knows only versions up to 1.',
    );
  });
});
