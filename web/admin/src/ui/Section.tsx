import { Box, Card, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** One matter of the settings. */
export function Section({ title, about, actions, children }: { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <Card component="section" mb="md">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Box style={{ flex: "1 1 14rem" }}>
            <Title order={2}>{title}</Title>
            {about && <Text size="sm" c="dimmed" maw={620}>{about}</Text>}
          </Box>
          {actions}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}
