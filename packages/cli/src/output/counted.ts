/** `3 rows and 1 raw message`. */
export function counted(rows: number, raw: number): string {
  const parts = [
    ...(rows > 0 || raw === 0 ? [`${rows} ${rows === 1 ? 'row' : 'rows'}`] : []),
    ...(raw > 0 ? [`${raw} raw ${raw === 1 ? 'message' : 'messages'}`] : []),
  ];
  return parts.join(' and ');
}
