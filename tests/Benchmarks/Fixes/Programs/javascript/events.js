import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';

export class Clock extends EventEmitter {
  #ticks = 0;

  tick(times = 1) {
    for (let i = 0; i < times; i++) {
      this.#ticks += 1;
      this.emit('tick', this.#ticks);
    }
    return this.#ticks;
  }
}

export const listen = (clock) => {
  const heard = [];
  clock.on('tick', (n) => heard.push(n));
  return heard;
};

export default function exists(file) {
  try {
    readFileSync(file, 'utf8');
    return true;
  } catch {
    return false;
  }
}
