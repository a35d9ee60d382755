import { useCallback, useEffect, useRef, useState } from "react";
import { readSound } from "../server";
import { readWav } from "./sound";

const TICK = 100;

export interface Player {
  state: "away" | "reading" | "ready" | "playing";
  trouble: unknown;
  /** Seconds that were heard, and of how many. */
  at: number;
  length: number;
  toggle: () => void;
  seek: (seconds: number) => void;
}

/** Plays a recording. It is fetched when somebody first wants to hear it, for hearing it is noted. */
export function usePlayer(id: string): Player {
  const context = useRef<AudioContext | null>(null);
  const sound = useRef<AudioBuffer | null>(null);
  const source = useRef<AudioBufferSourceNode | null>(null);
  /** The context's time at which the sound's beginning would have been. */
  const began = useRef(0);
  const [state, setState] = useState<Player["state"]>("away");
  const [trouble, setTrouble] = useState<unknown>(null);
  const [at, setAt] = useState(0);

  const hush = useCallback(() => {
    const node = source.current;
    source.current = null;
    if (!node) return;
    node.onended = null;
    node.stop();
  }, []);

  const play = useCallback((from: number) => {
    const [player, buffer] = [context.current, sound.current];
    if (!player || !buffer) return;
    hush();
    const node = player.createBufferSource();
    node.buffer = buffer;
    node.connect(player.destination);
    node.onended = () => { source.current = null; setState("ready"); setAt(0); };
    node.start(0, from);
    source.current = node;
    began.current = player.currentTime - from;
    setState("playing");
  }, [hush]);

  const read = useCallback(async () => {
    setState("reading");
    setTrouble(null);
    try {
      const found = readWav(await (await readSound(id)).arrayBuffer());
      if (!found || found.samples.length === 0) throw new Error("no sound");
      context.current ??= new AudioContext();
      const buffer = context.current.createBuffer(1, found.samples.length, found.rate);
      buffer.copyToChannel(found.samples, 0);
      sound.current = buffer;
      await context.current.resume();
      play(0);
    } catch (error) {
      setTrouble(error);
      setState("away");
    }
  }, [id, play]);

  useEffect(() => {
    if (state !== "playing") return;
    const timer = setInterval(() => setAt(Math.min((context.current?.currentTime ?? 0) - began.current, sound.current?.duration ?? 0)), TICK);
    return () => clearInterval(timer);
  }, [state]);
  useEffect(() => () => { hush(); void context.current?.close(); context.current = null; }, [hush]);

  return {
    state, trouble, at, length: sound.current?.duration ?? 0,
    toggle: () => { if (state === "away") void read(); else if (state === "playing") { hush(); setState("ready"); } else if (state === "ready") play(at); },
    seek: (seconds) => { setAt(seconds); if (state === "playing") play(seconds); },
  };
}
