// Makes audio elements louder than they are: by themselves they only become quieter.

/** iPhones keep the loudness of elements to themselves, and silence a page's own sound when the screen goes dark: there nothing is amplified. */
function isMaster() {
  const probe = document.createElement('audio');
  probe.volume = 0.5;
  return probe.volume === 0.5 && Boolean(window.AudioContext);
}

export class Amplifier {
  #context = null;
  #gains = null;
  #isOff = false;

  /** @param {HTMLAudioElement[]} audios @param {() => void} changed called when it begins to work */
  constructor(audios, changed) {
    this.audios = audios;
    this.changed = changed;
  }

  /**
   * Called within a press, for without one browsers keep it silent. Elements stay as they are until it is sure to sound.
   * @param {boolean} isNeeded whether something is to be louder
   */
  wake(isNeeded) {
    if (this.#context) return this.#context.resume();
    if (!isNeeded || this.#isOff) return undefined;
    this.#isOff = !isMaster();
    if (this.#isOff) return undefined;
    const context = (this.#context = new AudioContext({ latencyHint: 'playback' }));
    const wire = () => {
      if (this.#gains || context.state !== 'running') return;
      this.#gains = this.audios.map((audio) => {
        const gain = context.createGain();
        context.createMediaElementSource(audio).connect(gain).connect(context.destination);
        return gain;
      });
      this.changed();
    };
    context.addEventListener('statechange', wire);
    return context.resume().then(wire, () => {});
  }

  /** What the element itself is to be set to, the rest being done here. @param {number} index @param {number} level 0–1 @param {number} factor */
  share(index, level, factor) {
    if (!this.#gains) return Math.min(1, level * factor);
    this.#gains[index].gain.value = factor;
    return level;
  }
}
