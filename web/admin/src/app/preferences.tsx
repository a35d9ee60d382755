import { createContext, useContext, useEffect, useMemo, type ReactNode } from "react";
import { useMantineColorScheme } from "@mantine/core";
import { api } from "@/api/client";
import { useQueryClient } from "@tanstack/react-query";

/** How one member wants to see the application; the server keeps it. */
export interface Preferences {
  digits: "auto" | "latn" | "arab";
  calendar: "auto" | "gregory" | "islamic-umalqura";
  theme: "auto" | "light" | "dark";
  density: "comfortable" | "compact";
  shortcuts: boolean;
  first_weekday: "auto" | "0" | "1" | "2" | "3" | "4" | "5" | "6";
  hour_cycle: "auto" | "h12" | "h23";
}

export const DEFAULT_PREFERENCES: Preferences = {
  digits: "auto", calendar: "auto", theme: "auto", density: "comfortable", shortcuts: true, first_weekday: "auto", hour_cycle: "auto",
};

interface Known {
  preferences: Preferences;
  change: (part: Partial<Preferences>) => void;
}

const Context = createContext<Known>({ preferences: DEFAULT_PREFERENCES, change: () => {} });

export const usePreferences = () => useContext(Context);

const PATH = "/v1/account/preferences";

/** For the signed-in part: reads the preferences, applies them to the page, and stores changes at once. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const read = api.useQuery("get", PATH);
  const write = api.useMutation("put", PATH);
  const { setColorScheme } = useMantineColorScheme();
  const preferences = useMemo(() => ({ ...DEFAULT_PREFERENCES, ...(read.data as Partial<Preferences> | undefined) }), [read.data]);

  useEffect(() => {
    if (read.data) setColorScheme(preferences.theme);
  }, [read.data, preferences.theme, setColorScheme]);
  useEffect(() => {
    document.body.dataset.density = preferences.density;
  }, [preferences.density]);

  const known = useMemo<Known>(() => {
    const change = (part: Partial<Preferences>) => {
      const next = { ...preferences, ...part };
      client.setQueryData(api.queryOptions("get", PATH).queryKey, next);
      write.mutate({ body: next });
    };
    return { preferences, change };
  }, [preferences, client, write]);
  return <Context.Provider value={known}>{children}</Context.Provider>;
}
