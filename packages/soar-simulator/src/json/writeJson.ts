/** JSON.stringify that writes a bigint with all its digits. */
export function writeJson(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    // V8's words for it; a circle is a TypeError too.
    if (!(error instanceof TypeError) || !error.message.includes('BigInt')) throw error;
    return withLargeNumbers(value, indent);
  }
}

function withLargeNumbers(value: unknown, indent?: number): string {
  const mark = `${Math.random()}:`;
  let marked = false;
  const text = JSON.stringify(
    value,
    (_key, each: unknown) => {
      if (typeof each !== 'bigint') return each;
      marked = true;
      return mark + String(each);
    },
    indent,
  );
  return marked ? text.replaceAll(new RegExp(`"${mark.replace('.', '\\.')}(-?\\d+)"`, 'g'), '$1') : text;
}
