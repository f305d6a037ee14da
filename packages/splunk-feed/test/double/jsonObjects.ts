/** The texts of JSON objects that stand one after the other, as a collector takes them; the last may be broken. */
export function jsonObjects(text: string): readonly string[] {
  const objects: string[] = [];
  let depth = 0;
  let from = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inText) {
      if (char === '\\') at += 1;
      else if (char === '"') inText = false;
    } else if (char === '"') {
      inText = true;
    } else if (char === '{') {
      depth += 1;
    } else if (char === '}') {
      depth -= 1;
      if (depth > 0) continue;
      objects.push(text.slice(from, at + 1));
      from = at + 1;
    }
  }
  if (text.slice(from).trim() !== '') objects.push(text.slice(from));
  return objects;
}
