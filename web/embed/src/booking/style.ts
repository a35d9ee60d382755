/** Nothing of the page's own styles reaches in, and nothing reaches out. */
export const css = `
:host{all:initial;display:block}
:host([hidden]){display:none}
*{box-sizing:border-box}
iframe{display:block;inline-size:100%;min-block-size:20rem;block-size:40rem;border:0;color-scheme:normal;background:transparent}
dialog iframe{block-size:100%;min-block-size:0}
.go{font:600 1rem/1.5 system-ui,"Segoe UI",Tahoma,Arial,sans-serif;color:#fff;background:#0b6e63;border:0;border-radius:.5rem;padding:.7rem 1.1rem;min-block-size:44px;cursor:pointer}
.go:hover{background:#095b52}
:focus-visible{outline:3px solid #7ac4b7;outline-offset:2px}
.floating{position:fixed;inset-block-end:1.25rem;inset-inline-end:1.25rem;z-index:2147483000;border-radius:2rem;box-shadow:0 4px 16px #0003}
dialog{position:fixed;inset:0;margin:auto;padding:0;border:0;border-radius:.75rem;inline-size:min(56rem,calc(100vw - 2rem));block-size:min(46rem,calc(100dvh - 2rem));overflow:hidden;background:#fff;color:#1b1917}
dialog::backdrop{background:#0009}
.x{position:absolute;inset-block-start:.35rem;inset-inline-end:.35rem;z-index:1;inline-size:44px;block-size:44px;border:0;border-radius:50%;background:#fffc;color:#1b1917;cursor:pointer;display:grid;place-items:center}
.x svg{inline-size:1rem;block-size:1rem;stroke:currentColor;stroke-width:2;fill:none}
@media(max-width:36rem){dialog{inline-size:100vw;max-inline-size:none;block-size:100dvh;max-block-size:none;border-radius:0}}
@media(prefers-color-scheme:dark){dialog{background:#191816;color:#e8e6e1}.x{background:#191816cc;color:#e8e6e1}}
@media print{.floating{display:none}}`;
