import { readFileSync } from 'node:fs';

/** A file that the page loads from its own host. */
export interface Asset {
  readonly content: string;
  readonly contentType: string;
}

const TYPES = {
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** The style sheet, the script and the icon, by file name. Read once. */
export const assets: ReadonlyMap<string, Asset> = new Map(
  Object.entries(TYPES).map(([name, contentType]) => [
    name,
    { contentType, content: readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8') },
  ]),
);
