/** What may be an e-mail in a label: what stands in parentheses, the last first, and a label that is nothing else. */
export function emailsOf(label: string): string[] {
  const inside = [...label.matchAll(/\(([^()]*@[^()]*)\)/g)].map(([, text = '']) => text.trim());
  return [...inside.reverse(), ...(label.includes('(') || !label.includes('@') ? [] : [label.trim()])];
}
