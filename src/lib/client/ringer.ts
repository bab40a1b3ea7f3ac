/** The ring and the test tone, made by the browser itself: no file to load when a call comes. */
export class Ringer {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Must run in a person's click: browsers start no sound before one. */
  async unlock(): Promise<void> {
    this.#context ??= new AudioContext();
    if (this.#context.state === 'suspended')
      await Promise.race([this.#context.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
  }

  testTone(): void {
    this.#beep(660, 0, 0.18);
    this.#beep(880, 0.2, 0.18);
  }

  /** One soft double tone each two seconds while it rings. */
  ring(on: boolean): void {
    if (!on) return this.stop();
    if (this.#timer) return;
    const once = () => {
      this.#beep(740, 0, 0.35);
      this.#beep(587, 0.4, 0.45);
    };
    once();
    this.#timer = setInterval(once, 2_000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beep(hz: number, afterSeconds: number, seconds: number): void {
    const context = this.#context;
    if (context?.state !== 'running') return;
    const from = context.currentTime + afterSeconds;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.18, from + 0.02);
    gain.gain.linearRampToValueAtTime(0, from + seconds);
    const tone = context.createOscillator();
    tone.frequency.value = hz;
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + seconds);
  }
}
