/** E-mail addresses that a label may hold: those in parentheses, the last one first, or the whole label. */
export function emailsOf(label: string): string[] {
  const inside = [...label.matchAll(/\(([^()]*@[^()]*)\)/g)].map(([, text = '']) => text.trim());
  return [...inside.reverse(), ...(label.includes('(') || !label.includes('@') ? [] : [label.trim()])];
}
