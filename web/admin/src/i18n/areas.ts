/** The server's own files, each loaded when a screen first asks for it. Their list is long, and the shell does without it. */
export const areas = import.meta.glob<{ default: Record<string, unknown> }>(["../../../../i18n/{en,ar}/{app_*,rules,segments}.json", "!**/app_shell.json"]);
