import type { Kind, Theme } from "./view";

const set = ([back, ink, button, on]: string[], dark: boolean): string =>
  `color-scheme:${dark ? "dark" : "light"};--b:${back};--i:${ink};--a:${button};--o:${on}`;

/** The form's style, for a sheet that needs no leave of the page's content security policy. */
export function css(theme: Theme, kind: Kind): string {
  const { scheme, light, dark, radius } = theme;
  const colours = `.f{${scheme === "dark" ? set(dark, true) : set(light, false)}}`;
  const night = scheme === "auto" ? `@media(prefers-color-scheme:dark){.f{${set(dark, true)}}}` : "";
  return `:host{all:initial;display:${kind === "inline" ? "block" : "contents"}}${colours}${night}
*{box-sizing:border-box;font:inherit;letter-spacing:inherit}[hidden]{display:none!important}
.f{font:16px/1.6 system-ui,"Segoe UI",Tahoma,Arial,sans-serif;background:var(--b);color:var(--i);border:1px solid;border-radius:${radius}px;padding:1.25rem;max-inline-size:100%;overflow-wrap:anywhere;text-align:start;position:relative}
.inline{max-inline-size:34rem}
dialog.f{position:fixed;inset:0;margin:auto;block-size:fit-content;inline-size:min(30rem,calc(100vw - 2rem));max-block-size:calc(100dvh - 2rem);overflow:auto}
dialog::backdrop{background:#000a}
.slide_in,.bar{position:fixed;z-index:2147482000;inset-block-end:0;overflow:auto;max-block-size:100dvh;box-shadow:0 4px 32px #0005}
.slide_in{inset-inline-end:1rem;inset-block-end:1rem;inline-size:min(24rem,calc(100vw - 2rem));max-block-size:calc(100dvh - 2rem)}
.bar{inset-inline:0;border-width:1px 0 0;border-radius:0;max-block-size:60dvh}
.bar>*{max-inline-size:60rem;margin-inline:auto}
@media(min-width:48rem){.bar .rows{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));column-gap:1rem}}
@media(prefers-reduced-motion:no-preference){dialog.f,.slide_in,.bar{animation:up .18s ease-out}@keyframes up{from{opacity:0;transform:translateY(1rem)}}}
h2{font-size:1.3rem;line-height:1.3;font-weight:700;margin:0 0 .5rem;padding-inline-end:2.5rem}.inline h2{padding:0}
p{margin:0 0 .75rem}.pre{white-space:pre-line}
img,.img{display:block;inline-size:100%;max-block-size:14rem;object-fit:cover;border-radius:inherit;margin-block-end:1rem}.img{block-size:8rem;border:2px dashed}
.row{margin-block-end:.9rem}label,legend{font-weight:600;padding:0}.row>label{display:block;margin-block-end:.25rem}
small{display:block;font-size:.85rem;font-weight:400;white-space:pre-line}label>small{display:inline;margin-inline-start:.4em}.tick small{display:block;margin:0}
input,select{color:inherit;accent-color:var(--a)}
.row>input,.row>select{inline-size:100%;min-block-size:2.75rem;padding:.4rem .75rem;background:var(--b);border:1px solid;border-radius:${Math.min(radius, 12)}px;text-align:start}
option{background:var(--b);color:var(--i)}
[aria-invalid]{outline:2px solid;outline-offset:-2px}
fieldset{border:0;margin:0 0 .9rem;padding:0}
.tick{display:flex;gap:.75rem;align-items:flex-start;min-block-size:2.75rem;padding-block:.5rem}.tick input{inline-size:1.4rem;block-size:1.4rem;flex:none;margin:.1rem 0 0}.tick label{font-weight:400;flex:1}
.wrong,.say{font-weight:600;border-inline-start:4px solid;padding-inline-start:.6rem;margin-block:.4rem}.wrong{display:block;font-size:.9rem}
details{margin-block-end:.75rem;font-size:.9rem}summary{cursor:pointer;padding-block:.6rem;text-decoration:underline}
.go{inline-size:100%;margin-block-start:.5rem;min-block-size:2.75rem;padding:.5rem 1.25rem;border:0;border-radius:${radius}px;background:var(--a);color:var(--o);font-weight:700;cursor:pointer}.go[aria-disabled]{cursor:progress}
.x{position:absolute;inset-block-start:.25rem;inset-inline-end:.25rem;inline-size:2.75rem;block-size:2.75rem;border:0;background:none;color:inherit;cursor:pointer;padding:0;display:grid;place-items:center}
.x svg{inline-size:1.1rem;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}
.away{position:absolute;inset-inline-start:-10000px;inline-size:1px;block-size:1px;overflow:hidden}
:focus-visible{outline:3px solid;outline-offset:2px}h2:focus{outline:0}`;
}
