/** What is being done, for a person at a terminal. A script sees nothing of it. */
export function tellProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
}

export function endProgress(): void {
  tellProgress('');
}
