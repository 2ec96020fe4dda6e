// Tones that are told apart without looking. They mean: it is saved, or it is not.
import { signal } from "@preact/signals";

export type Tone = "ok" | "nok" | "dup" | "done" | "urgent";

interface Beep {
  hertz: number;
  ms: number;
  shape: OscillatorType;
}

const BEEPS: Record<Tone, Beep[]> = {
  ok: [{ hertz: 1760, ms: 90, shape: "sine" }],
  nok: [{ hertz: 220, ms: 350, shape: "square" }],
  dup: [
    { hertz: 660, ms: 60, shape: "sine" },
    { hertz: 660, ms: 60, shape: "sine" },
  ],
  done: [
    { hertz: 1319, ms: 80, shape: "sine" },
    { hertz: 1760, ms: 120, shape: "sine" },
  ],
  urgent: [
    { hertz: 880, ms: 90, shape: "sine" },
    { hertz: 880, ms: 90, shape: "sine" },
    { hertz: 880, ms: 90, shape: "sine" },
  ],
};

const SHAKES: Record<Tone, number[]> = {
  ok: [40],
  nok: [120, 60, 120],
  dup: [40, 40, 40],
  done: [80],
  urgent: [200],
};

const KEY = "cairn.volume";
export const volume = signal(Number(localStorage.getItem(KEY) ?? "0.6"));
/** Browsers are silent until somebody has touched the page. */
export const soundOff = signal(true);

let audio: AudioContext | undefined;

export function setVolume(next: number): void {
  volume.value = next;
  localStorage.setItem(KEY, String(next));
}

/** Call it from a tap. */
export function unlockSound(): void {
  audio ??= new AudioContext();
  const state = () => (soundOff.value = audio?.state !== "running" || volume.value === 0);
  audio.onstatechange = state;
  void audio.resume().then(state, state);
}

export function play(tone: Tone): void {
  navigator.vibrate?.(SHAKES[tone]);
  if (!audio || audio.state !== "running" || volume.value === 0) return;
  let at = audio.currentTime;
  for (const { hertz, ms, shape } of BEEPS[tone]) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.type = shape;
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(volume.value * (shape === "square" ? 0.4 : 1), at);
    gain.gain.setTargetAtTime(0, at + ms / 1000 - 0.015, 0.005);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + ms / 1000);
    at += ms / 1000 + 0.04;
  }
}
