import { Tabs as Mantine } from "@mantine/core";
import type { ReactNode } from "react";
import { useUrlState } from "@/app/place";

export interface Tab {
  code: string;
  label: string;
  body: () => ReactNode;
}

/** Tabs that stand in the address. Only the open one is made. */
export function Tabs({ tabs, label, name = "tab" }: { tabs: readonly Tab[]; label: string; name?: string }) {
  const first = tabs[0]?.code ?? "";
  const [tab, setTab] = useUrlState(name, first);
  return (
    <Mantine value={tab} onChange={(value) => setTab(value ?? first)} keepMounted={false}>
      <Mantine.List aria-label={label} mb="md" style={{ flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }}>
        {tabs.map(({ code, label }) => <Mantine.Tab key={code} value={code} style={{ whiteSpace: "nowrap" }}>{label}</Mantine.Tab>)}
      </Mantine.List>
      {tabs.map(({ code, body }) => <Mantine.Panel key={code} value={code}>{body()}</Mantine.Panel>)}
    </Mantine>
  );
}
