// TypeScript and ES modules; spread it to change a part of it.
export { default } from '@soar-feed/feed-testkit/jest';
