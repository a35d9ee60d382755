import type { Theme } from "./config";

/** Whether white or black is easier to read on a colour (WCAG 2.2, relative luminance). */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#fff" : "#000";
}

const LIGHT = "--p:#fff;--i:#1b1917;--s:#5d5850;--t:#f1efeb;--e:#8a847a;--r:#a02a20;color-scheme:light";
const DARK = "--p:#1d1b19;--i:#f2f0ec;--s:#b9b5ae;--t:#2f2c29;--e:#8d8881;--r:#f3b3ab;color-scheme:dark";

/** The chat's style, for a sheet that needs no leave of the page's content security policy. */
export function css({ dark: scheme, colour, text_colour, position, offset: { x, y }, radius }: Theme): string {
  const side = position === "start" ? "inset-inline-start" : "inset-inline-end";
  const night = scheme === "auto" ? `@media(prefers-color-scheme:dark){.b{${DARK}}}` : "";
  return `:host{all:initial}
.b{${scheme === "dark" ? DARK : LIGHT};--a:${colour};--o:${text_colour || inkOn(colour)};font:16px/1.5 system-ui,"Segoe UI",Tahoma,Arial,sans-serif;color:var(--i);text-align:start}${night}
*{box-sizing:border-box;font:inherit;letter-spacing:inherit;color:inherit}[hidden]{display:none!important}
button{cursor:pointer;background:none;border:0;padding:0;min-block-size:44px}button[aria-disabled=true]{cursor:progress;opacity:.7}
svg{inline-size:22px;block-size:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;flex:none}[dir=rtl] .turns{transform:scaleX(-1)}
h2,h3{font-weight:700;margin:0;font-size:1.05rem}p{margin:0}a{color:inherit;text-decoration:underline}small{font-size:.8125rem;color:var(--s)}
.v{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:3px solid var(--i);outline-offset:2px}h2:focus{outline:0}
.l,.g{position:fixed;z-index:2147482500;${side}:${x}px;inset-block-end:${y}px}
.l{background:var(--a);color:var(--o);border-radius:99px;min-inline-size:56px;block-size:56px;display:flex;align-items:center;justify-content:center;gap:.5rem;box-shadow:0 4px 16px #0005;padding-inline:15px;font-weight:600}
.l.bar{border-radius:${radius}px ${radius}px 0 0;inset-block-end:0;block-size:48px}
.l svg{inline-size:26px;block-size:26px}.l .n{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;background:#a02a20;color:#fff;border-radius:99px;min-inline-size:22px;line-height:22px;font-size:.8125rem;font-weight:700;padding-inline:5px}
.g{inset-block-end:${y + 68}px;inline-size:min(19rem,calc(100vw - 2rem));background:var(--p);border:1px solid var(--e);border-radius:${radius}px;box-shadow:0 4px 24px #0004;padding:.75rem 1rem;padding-inline-end:3rem;white-space:pre-line;overflow-wrap:anywhere}
.g .x{position:absolute;inset-block-start:0;inset-inline-end:0}.g .q{margin-block-start:.5rem}.g>button:not(.x){text-align:start}
.x [d^="M5 12"]{stroke-width:4}.x{inline-size:44px;display:grid;place-items:center;flex:none}
.w{position:fixed;z-index:2147482501;${side}:${x}px;inset-block-end:${y}px;inline-size:min(24rem,calc(100vw - 1rem));block-size:min(40rem,calc(100dvh - 2rem));background:var(--p);border:1px solid var(--e);border-radius:${radius}px;box-shadow:0 8px 40px #0005;display:flex;flex-direction:column;overflow:hidden;overflow-wrap:anywhere}
.h{display:flex;align-items:center;gap:.5rem;background:var(--a);color:var(--o);padding:.5rem;padding-inline-start:1rem;position:relative}.h>div{flex:1;min-inline-size:0}.h h2{font-size:1.05rem;line-height:1.35}.h p{font-size:.875rem}.h img,.f img{inline-size:36px;block-size:36px;border-radius:50%;object-fit:cover;flex:none}.h :focus-visible{outline-color:var(--o);outline-offset:-3px}
.m{position:absolute;z-index:1;inset-block-start:100%;inset-inline-end:.5rem;background:var(--p);color:var(--i);border:1px solid var(--e);border-radius:8px;box-shadow:0 4px 16px #0004;padding:.25rem}.m button{display:block;inline-size:100%;text-align:start;padding-inline:.75rem}
.s{padding:.4rem 1rem;background:var(--t);font-size:.875rem;display:flex;gap:.5rem;align-items:center}.s svg{inline-size:18px;block-size:18px}.s:empty{display:none}
.c{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:1rem;display:flex;flex-direction:column;gap:.5rem;position:relative}
.c ol{list-style:none;margin:0;padding:0;display:flex;flex-direction:column;gap:.5rem;margin-block-start:auto}
.d{align-self:center;text-align:center;color:var(--s);font-size:.8125rem}
.f{display:flex;gap:.5rem;align-items:flex-end;max-inline-size:88%}.f.me{align-self:flex-end;flex-direction:column}
.u{background:var(--t);border-radius:${radius}px;padding:.5rem .8rem;white-space:pre-wrap;unicode-bidi:plaintext;text-align:start;max-inline-size:100%}.me .u{background:var(--a);color:var(--o)}
.f>div{min-inline-size:0}.f .by{display:block;margin-block-end:2px}.f .st{display:flex;gap:.3rem;align-items:center}.st time{white-space:nowrap}.st svg{inline-size:15px;block-size:15px}.st.no{color:var(--r)}.st button{text-decoration:underline;padding-inline:.4rem}
.u img{display:block;max-inline-size:100%;max-block-size:14rem;border-radius:8px}.u a.doc{display:flex;gap:.5rem;align-items:center;min-block-size:44px}
.q{display:flex;flex-wrap:wrap;gap:.5rem}.q button{border:1px solid var(--e);border-radius:99px;padding-inline:1rem}
.k{border-block-start:1px solid var(--e);display:flex;align-items:flex-end;gap:.25rem;padding:.4rem}.k textarea{flex:1;min-inline-size:0;resize:none;border:1px solid var(--e);border-radius:${Math.min(radius, 12)}px;background:var(--p);padding:.55rem .75rem;min-block-size:44px;max-block-size:9rem;field-sizing:content}.k .go{inline-size:48px;margin:0;padding:0;display:grid;place-items:center}.k .x{align-self:flex-end}
textarea:placeholder-shown,input:placeholder-shown{direction:inherit}::placeholder{color:var(--s);opacity:1}
.k+small{padding:0 .8rem .5rem}.p{padding:0 .8rem .4rem;display:flex;gap:.4rem;flex-wrap:wrap}
form.o{display:flex;flex-direction:column;gap:.8rem}form.o label,legend{font-weight:600;display:block;padding:0;margin-block-end:.3rem}form.o label small{font-weight:400}form.o input,form.o select,form.o textarea{inline-size:100%;min-block-size:44px;padding:.4rem .75rem;background:var(--p);border:1px solid var(--e);border-radius:${Math.min(radius, 12)}px}
form.o .tick{display:flex;gap:.6rem;align-items:center;min-block-size:44px;font-weight:400}form.o .tick input{inline-size:22px;min-block-size:22px;block-size:22px;flex:none;accent-color:var(--a)}option{background:var(--p)}
fieldset{border:0;margin:0;padding:0}.bad{color:var(--r);font-weight:600;font-size:.875rem;display:block}[aria-invalid=true]{border:2px solid var(--r)!important}
.go{background:var(--a)!important;color:var(--o);border-radius:${Math.min(radius, 12)}px;padding:.4rem 1rem;font-weight:700}.card{border:1px solid var(--e);border-radius:${radius}px;padding:.9rem}summary{cursor:pointer;text-decoration:underline;min-block-size:32px;font-size:.875rem}
.pre{white-space:pre-line}.stars{display:flex;gap:.25rem;align-items:center}.stars button{min-inline-size:44px;display:grid;place-items:center;border-radius:8px}.stars [aria-checked=true] svg{fill:var(--a)}
.over{outline:3px dashed var(--a);outline-offset:-6px}.t::after{content:"";animation:t 1s infinite alternate}
@media(max-width:30rem){.w{inset:0;inline-size:100%;block-size:100dvh;border:0;border-radius:0}}
@media(prefers-reduced-motion:no-preference){.w,.g{animation:up .18s ease-out}@keyframes up{from{opacity:0;transform:translateY(12px)}}}
@media(forced-colors:active){.l,.go,.me .u{border:1px solid}}`;
}
