import { matchesWildcard } from '@soar-feed/core';

/**
 * `exclude_incident_fields`: names separated by `;`, with shell wildcards. A name excludes fields of that name at any
 * depth, or a whole section (`pii;gdpr;hipaa;properties`). `section.field` excludes that field only.
 */
export class ExcludedFields {
  static readonly none = new ExcludedFields('');
  readonly patterns: readonly string[];

  constructor(text: string) {
    this.patterns = text
      .split(';')
      .map((pattern) => pattern.trim())
      .filter((pattern) => pattern !== '');
  }

  has(name: string, section?: string): boolean {
    return this.patterns.some((pattern) => {
      if (matchesWildcard(pattern, name)) return true;
      if (section === undefined) return false;
      return matchesWildcard(pattern, section) || matchesWildcard(pattern, `${section}.${name}`);
    });
  }
}
