import "@mantine/core/styles.css";
import "./theme/base.css";
import { Suspense } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { startLanguage } from "@/i18n";
import { cssVariablesResolver, theme } from "@/theme/theme";
import { FollowLanguage } from "@/app/FollowLanguage";
import { Overlays } from "@/app/Overlays";
import { Routes } from "@/app/router";
import { Trouble } from "@/app/Trouble";

await startLanguage();

createRoot(document.getElementById("root") as HTMLElement).render(
  <DirectionProvider initialDirection={document.documentElement.dir === "rtl" ? "rtl" : "ltr"} detectDirection={false}>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <FollowLanguage />
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <Trouble place="root"><Suspense fallback={null}><Routes /></Suspense></Trouble>
        </BrowserRouter>
        <Overlays />
      </QueryClientProvider>
    </MantineProvider>
  </DirectionProvider>,
);
