import type { MedtechService, MedtechSettings } from './service.ts';

/** Opens the MedTech service `name`. */
export async function openMedtechService(options: {
  readonly name: string;
  readonly entry: MedtechSettings;
}): Promise<MedtechService> {
  const { name, entry } = options;
  return { name, settings: entry, close: async () => {} };
}
