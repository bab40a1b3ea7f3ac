/** The server's time, to the second: every timer of the board changes at the same moment. */
export class Now {
  #ms = $state(Date.now());

  get ms(): number {
    return this.#ms;
  }

  /** @param offsetMs the server's clock minus this page's; read at each tick. Returns how to stop. */
  start(offsetMs: () => number): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      this.#ms = Date.now() + offsetMs();
      timer = setTimeout(tick, 1000 - (this.#ms % 1000) + 5);
    };
    tick();
    return () => clearTimeout(timer);
  }
}
