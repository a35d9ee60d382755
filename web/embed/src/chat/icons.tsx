import { h } from "./dom";

/** Drawn, because not every machine has the signs. */
function Icon({ d, turns }: { d: string; turns?: boolean }) {
  return <svg viewBox="0 0 24 24" aria-hidden="true" class={turns && "turns"}><path d={d} /></svg>;
}

export const Bubble = () => <Icon d="M4 5h16v11H10l-5 4v-4H4z" />;
export const Cross = () => <Icon d="M5 5l14 14M19 5L5 19" />;
export const Send = () => <Icon turns d="M4 12h15M13 6l6 6-6 6" />;
export const Clip = () => <Icon d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L14 8" />;
export const Dots = () => <Icon d="M5 12h.01M12 12h.01M19 12h.01" />;
export const Clock = () => <Icon d="M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M12 7v5l3 2" />;
export const Alert = () => <Icon d="M12 4l9 16H3zM12 10v4M12 17h.01" />;
export const Paper = () => <Icon d="M6 3h8l4 4v14H6zM14 3v4h4" />;
export const Up = () => <Icon d="M7 11v9H4v-9zM7 11l4-7a2 2 0 0 1 3 2l-1 4h6l-2 10H7" />;
export const Down = () => <Icon d="M17 13V4h3v9zM17 13l-4 7a2 2 0 0 1-3-2l1-4H5L7 4h10" />;
