import { Anchor, Box, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { Link } from "react-router";
import { useMay } from "@/app/session";
import { NoPermission } from "./NoPermission";

interface PageProps {
  title: string;
  /** One sentence: what this place is for. */
  about?: ReactNode;
  /** The places above this one, outermost first. */
  above?: Array<{ label: string; href: string }>;
  actions?: ReactNode;
  /** Without it the page says who can grant it. */
  permission?: string;
  children: ReactNode;
}

/** The frame of every screen: heading, what it is for, what can be done. */
export function Page({ title, about, above = [], actions, permission, children }: PageProps) {
  const may = useMay();
  useEffect(() => {
    document.title = `${title} · Barid`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Box>
        {above.length > 0 && (
          <Breadcrumbs mb={4} separatorMargin={6} style={{ flexWrap: "wrap" }}>
            {above.map(({ label, href }) => <Anchor key={href} component={Link} to={href} size="sm"><bdi>{label}</bdi></Anchor>)}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Box style={{ minWidth: 0, flex: "1 1 16rem" }}>
            <Title order={1} style={{ overflowWrap: "anywhere" }}><bdi>{title}</bdi></Title>
            {about && <Text c="dimmed" mt={2} maw={680}>{about}</Text>}
          </Box>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </Box>
      {permission && !may(permission) ? <NoPermission permission={permission} /> : children}
    </Stack>
  );
}
