import { Banner } from "./banner";
import { Blocker } from "./block";
import type { Choices, Config } from "./config";
import { clean, read, refused, tell, write } from "./record";

/** Nothing is stored, and nothing that waits for consent is loaded, before the visitor chooses. */
function start(config: Config): void {
  const known = read(config);
  let choices: Choices = known?.choices ?? refused();
  let visitor = known?.visitor ?? "";
  const blocker = new Blocker(config, choices);
  const listeners: ((choices: Choices) => void)[] = [];
  let banner: Banner | undefined;

  const done = (action: string, now: Choices): void => {
    const before = choices;
    const lost = Object.entries(before).some(([category, had]) => had && !now[category as keyof Choices]);
    const told = visitor;
    choices = now;
    visitor = write(config, now, visitor);
    tell(config, lost ? "withdraw" : action, now, visitor || told, banner!.language);
    clean(config, now);
    // What a category loaded cannot be unloaded: the page begins anew without it.
    if (lost) return location.reload();
    blocker.release(now);
    listeners.forEach((listener) => listener({ ...now }));
    rest();
  };
  const ask = (): void => banner?.ask(choices, true);
  const rest = (): void => banner?.rest(ask);

  window.Barid = Object.assign(window.Barid ?? {}, {
    consent: {
      /** What is allowed at present. */
      get: (): Choices => ({ ...choices }),
      /** The words with which a category is asked for: what a proof of consent must be able to say. */
      wording: (category: string): string => banner?.wording(category) ?? "",
      /** Opens the choice again. */
      open: (): void => ask(),
      /** Calls back with what is allowed, now and after each change. */
      on: (listener: (choices: Choices) => void): void => {
        listeners.push(listener);
        listener({ ...choices });
      },
    },
  });

  const show = (): void => {
    banner = new Banner(config, done);
    if (known) {
      blocker.release(choices);
      rest();
    } else if (navigator.globalPrivacyControl) {
      // The browser has refused already; nobody is asked again, and nothing is stored.
      rest();
    } else banner.ask(choices, false);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
}

const config = window.__barid_consent;
delete window.__barid_consent;
if (config) start(config);
