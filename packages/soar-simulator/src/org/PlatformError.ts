/** An unsuccessful answer of the model, through either of its doors. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';

  constructor(
    readonly status: number,
    message: string,
    readonly hints: readonly string[] = [],
  ) {
    super(message);
  }

  /** The platform's error body (IBM resilient-python-api; resilientfeed tests). */
  toBody(): Record<string, unknown> {
    return { success: false, title: null, message: this.message, hints: this.hints, error_code: 'generic' };
  }
}

export function invalid(message: string, hints: readonly string[] = []): PlatformError {
  return new PlatformError(400, message, hints);
}

/** Ids are printed with thousands separators, as on the platform. */
export function noObject(id: number | string): PlatformError {
  const shown = typeof id === 'number' ? id.toLocaleString('en-US') : id;
  return new PlatformError(404, `Unable to find object with ID ${shown}`);
}

export function staleVersion(): PlatformError {
  return new PlatformError(
    409,
    'The object was changed by another user. Please re-read it and apply your changes again.',
  );
}
