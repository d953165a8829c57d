/**
 * Which representation of DICOM objects a client takes. Source: DICOM PS3.18, 8.7.5; AHDS: the highest `q` first, then the
 * order of the header; `transfer-syntax=*` wins over an earlier entry of equal or lower weight.
 */
import { DicomError } from '../errors.ts';

export interface Representation {
  readonly form: 'single' | 'multipart';
  readonly mediaType: string;
  /** `*`: as it is stored. */
  readonly transferSyntax: string;
}

/** One way in which a resource can be had. */
export interface Offer {
  readonly form: 'single' | 'multipart';
  readonly mediaType: string;
  /** Of the parameter `transfer-syntax`. */
  readonly transferSyntaxes: readonly string[];
  /** Where the parameter is missing. */
  readonly fallback: string;
}

export interface Offers {
  readonly offers: readonly Offer[];
  /** What an entry that takes any type gets. */
  readonly any: Representation;
}

interface Entry {
  readonly form: 'single' | 'multipart';
  /** Of the parts, where there are several. */
  readonly mediaType: string;
  readonly transferSyntax: string | undefined;
  readonly q: number;
}

/** Throws `not-acceptable` when nothing fits; AHDS: when there is no Accept as well. */
export function representation(accept: string | null, { offers, any }: Offers): Representation {
  let chosen: { readonly representation: Representation; readonly q: number } | undefined;
  for (const entry of acceptEntries(accept)) {
    const fitting = fittingOffer(entry, offers, any);
    if (!fitting) continue;
    if (!chosen) chosen = { representation: fitting, q: entry.q };
    else if (entry.transferSyntax === '*' && entry.q >= chosen.q) return fitting;
  }
  if (chosen) return chosen.representation;
  const forms = offers.map(({ form, mediaType }) =>
    form === 'single' ? mediaType : `multipart/related; type="${mediaType}"`,
  );
  throw new DicomError('not-acceptable', `Accept must take one of: ${forms.join(', ')}.`);
}

function fittingOffer(entry: Entry, offers: readonly Offer[], any: Representation): Representation | undefined {
  if (entry.mediaType === '*/*') {
    return entry.transferSyntax === undefined ? any : { ...any, transferSyntax: entry.transferSyntax };
  }
  for (const { form, mediaType, transferSyntaxes, fallback } of offers) {
    if (form !== entry.form || mediaType !== entry.mediaType) continue;
    const transferSyntax = entry.transferSyntax ?? fallback;
    if (entry.transferSyntax === undefined || transferSyntaxes.includes(transferSyntax)) {
      return { form, mediaType, transferSyntax };
    }
  }
  return undefined;
}

/** The entries of the header, the weightiest first. */
export function acceptEntries(accept: string | null): readonly Entry[] {
  return parseAccept(accept ?? '').toSorted((one, other) => other.q - one.q);
}

function parseAccept(header: string): Entry[] {
  return splitOutsideQuotes(header, ',').flatMap((text) => {
    const [type = '', ...rest] = splitOutsideQuotes(text, ';');
    const parameters = new Map(
      rest.map((parameter): [string, string] => {
        const [name = '', ...value] = parameter.split('=');
        return [
          name.trim().toLowerCase(),
          value
            .join('=')
            .trim()
            .replace(/^"(.*)"$/, '$1'),
        ];
      }),
    );
    const mediaType = type.trim().toLowerCase();
    if (mediaType === '') return [];
    const isMultipart = mediaType === 'multipart/related';
    const q = Number(parameters.get('q') ?? 1);
    if (!(q > 0)) return [];
    return [
      {
        form: isMultipart ? 'multipart' : 'single',
        mediaType: isMultipart ? (parameters.get('type') ?? '').toLowerCase() : mediaType,
        transferSyntax: parameters.get('transfer-syntax'),
        q,
      } as const,
    ];
  });
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let [part, quoted] = ['', false];
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}
