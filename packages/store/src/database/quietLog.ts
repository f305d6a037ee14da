/** knex writes to the console; what matters is thrown as an error, which the host logs. */
export const quietLog = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};
