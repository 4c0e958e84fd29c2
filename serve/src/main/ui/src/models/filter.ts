import type { CatalogueModel } from '../api/nearside';

/** The entries of a language, and of those only what fits where that is asked for. */
export function filterCatalogue(
  entries: readonly CatalogueModel[],
  language: string,
  isFitting: boolean,
): CatalogueModel[] {
  return entries.filter(
    (entry) =>
      (language === 'all' || entry.languages.includes(language)) &&
      (!isFitting || entry.fits || entry.installed),
  );
}
