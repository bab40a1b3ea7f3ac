/** What can be played: the files of one announcement, in a row. */
export interface Clip {
  key: string;
  sources: string[];
}

/** Plays clips one after the other, as a caller hears them but for the music between; one player, so never two at once. */
export function createListener() {
  let playing = $state<string | null>(null);
  let failed = $state(false);
  let audio: HTMLAudioElement | null = null;
  let left: { key: string; source: string }[] = [];

  function next(): void {
    const one = left.shift();
    playing = one?.key ?? null;
    if (!one) return;
    const element = (audio ??= make());
    element.src = one.source;
    // An error is told by the element; a play that was stopped rejects too, and means nothing.
    element.play().catch((cause: unknown) => {
      if (!(cause instanceof DOMException)) throw cause;
    });
  }

  function make(): HTMLAudioElement {
    const element = new Audio();
    element.addEventListener('ended', next);
    element.addEventListener('error', () => {
      if (playing === null) return;
      stop();
      failed = true;
    });
    return element;
  }

  function stop(): void {
    left = [];
    playing = null;
    audio?.pause();
  }

  return {
    /** The key of what plays now. */
    get playing() {
      return playing;
    },
    get failed() {
      return failed;
    },
    start(clips: Clip[]): void {
      stop();
      failed = false;
      left = clips.flatMap(({ key, sources }) => sources.map((source) => ({ key, source })));
      next();
    },
    stop
  };
}
