/**
 * Heart-beats of one connection. The broker beats after 4/5 of the agreed time, so that a beat is never late, and waits
 * twice the time that the client promised before it treats the connection as dead.
 */
export class HeartBeats {
  private readonly timers: NodeJS.Timeout[] = [];
  private lastHeardMs = Date.now();

  /**
   * @param header the client's `heart-beat`: "<it can send one every, ms>,<it wants one every, ms>"
   * @returns the broker's answer: like ActiveMQ, it agrees to whatever the client asks
   */
  start(header: string | undefined, send: () => void, onDead: () => void): string {
    const [clientSendsMs, clientWantsMs] = readHeartBeat(header);
    if (clientWantsMs > 0) this.timers.push(setInterval(send, Math.max(1, clientWantsMs * 0.8)));
    if (clientSendsMs > 0) {
      const check = () => {
        if (Date.now() - this.lastHeardMs > clientSendsMs * 2) onDead();
      };
      this.timers.push(setInterval(check, Math.max(1, clientSendsMs / 2)));
    }
    return `${clientWantsMs},${clientSendsMs}`;
  }

  heard(): void {
    this.lastHeardMs = Date.now();
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }
}

function readHeartBeat(header: string | undefined): [number, number] {
  const match = /^\s*(\d+)\s*,\s*(\d+)\s*$/.exec(header ?? '');
  return match ? [Number(match[1]), Number(match[2])] : [0, 0];
}
