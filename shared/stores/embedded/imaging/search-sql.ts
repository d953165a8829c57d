/** A search of a level as SQL. Every value is a parameter; the text is made of this file's own words. */
import { type ImagingFilter, type ImagingQuery, levels, type ValueFilter } from '../../imaging/imaging-index.ts';

export interface SearchSql {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

const aliases = { study: 't', series: 's', instance: 'i' } as const;
const idOf = { study: 't.id', series: 's.id', instance: 'i.version' } as const;
const modalityTag = 0x00080060;

export function searchSql({ level, scope, uids = {}, filters, modality }: ImagingQuery): SearchSql {
  const parameters: (string | number)[] = [scope.partition];
  const where = ['t.partition = ?'];
  for (const above of levels) {
    const uid = scope[above];
    if (uid === undefined) continue;
    where.push(`${aliases[above]}.uid = ?`);
    parameters.push(uid);
  }
  for (const each of levels) {
    const asked = uids[each];
    if (!asked) continue;
    where.push(`${aliases[each]}.uid IN (${asked.map(() => '?').join(', ')})`);
    parameters.push(...asked);
  }
  for (const filter of filters) {
    const { text, parameters: more } = test(filter);
    where.push(text);
    parameters.push(...more);
  }
  if (modality !== undefined) {
    where.push(
      `EXISTS (SELECT 1 FROM series AS m CROSS JOIN value AS v ON v.level = 1 AND v.owner = m.id AND v.tag = ? AND v.text = ? WHERE m.study = t.id)`,
    );
    parameters.push(modalityTag, modality);
  }
  const { columns, from } = shape(level);
  return {
    text: `SELECT ${columns} FROM ${from} WHERE ${where.join(' AND ')} ORDER BY ${idOf[level]} DESC`,
    parameters,
  };
}

function shape(level: ImagingQuery['level']): { columns: string; from: string } {
  const study = 't.uid AS study, CAST(t.shown AS TEXT) AS studyShown';
  if (level === 'study') return { columns: `${study}, t.version AS version`, from: 'study AS t' };
  const series = `${study}, s.uid AS series, CAST(s.shown AS TEXT) AS seriesShown`;
  const withSeries = 'study AS t JOIN series AS s ON s.study = t.id';
  if (level === 'series') return { columns: `${series}, s.version AS version`, from: withSeries };
  return {
    columns: `${series}, i.uid AS instance, CAST(i.shown AS TEXT) AS instanceShown, i.version AS version`,
    from: `${withSeries} JOIN instance AS i ON i.series = s.id`,
  };
}

function test({ level, tag, filter }: ImagingFilter): SearchSql {
  const { text, parameters } = valueTest(filter);
  return {
    text: `${idOf[level]} IN (SELECT v.owner FROM value AS v WHERE v.level = ${levels.indexOf(level)} AND v.tag = ? AND ${text})`,
    parameters: [tag, ...parameters],
  };
}

export function valueTest(filter: ValueFilter): SearchSql {
  switch (filter.kind) {
    case 'equals':
      return { text: `v.text IN (${filter.texts.map(() => '?').join(', ')})`, parameters: filter.texts };
    case 'matches':
      return { text: 'v.text GLOB ?', parameters: [filter.pattern.replaceAll('[', '[[]')] };
    case 'number':
      return { text: 'v.number = ?', parameters: [filter.number] };
    case 'between': {
      const { low, high } = filter;
      const bounds = [low !== undefined && 'v.text >= ?', high !== undefined && 'v.text <= ?'].filter(Boolean);
      return {
        text: bounds.length === 0 ? 'v.text IS NOT NULL' : bounds.join(' AND '),
        parameters: [low, high].filter((bound) => bound !== undefined),
      };
    }
    case 'words':
      return { text: 'v.words IS NOT NULL AND words_match(v.words, ?)', parameters: [filter.words.join(' ')] };
  }
}

/** True when the asked words stand in `words` beside each other in this order, each the start of one. */
export function wordsMatch(words: string, asked: string): boolean {
  const [there, wanted] = [words.split(' '), asked.split(' ')];
  return there.some((_, at) => wanted.every((start, index) => there[at + index]?.startsWith(start) === true));
}
