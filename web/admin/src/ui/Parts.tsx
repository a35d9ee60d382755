import { Box, Grid, NavLink, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { LucideIcon } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { to } from "@/app/place";
import { Waiting } from "./Waiting";

export interface Part {
  code: string;
  label: string;
  icon: LucideIcon;
}

/** A section with parts of its own: a list of them beside the open one; a box to choose from on small windows. */
export function Parts({ base, label, parts }: { base: string; label: string; parts: readonly Part[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const small = useMediaQuery("(max-width: 62em)");
  const here = parts.find(({ code }) => pathname.startsWith(to(`${base}/${code}`)))?.code ?? parts[0]?.code ?? "";
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 3 }}>
        {small ? (
          <Select label={t("part")} data={parts.map(({ code, label }) => ({ value: code, label }))} value={here} allowDeselect={false} onChange={(code) => code && void navigate(to(`${base}/${code}`))} />
        ) : (
          <Box component="nav" aria-label={label}>
            {parts.map(({ code, label, icon: Icon }) => (
              <NavLink key={code} component={Link} to={to(`${base}/${code}`)} active={here === code} aria-current={here === code ? "page" : undefined}
                label={label} leftSection={<Icon aria-hidden size={18} />} variant="light" style={{ borderRadius: 8 }} />
            ))}
          </Box>
        )}
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 9 }} style={{ minWidth: 0 }}><Suspense fallback={<Waiting />}><Outlet /></Suspense></Grid.Col>
    </Grid>
  );
}
