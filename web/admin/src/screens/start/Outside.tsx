import { Anchor, Box, Card, Center, Group, Stack, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "@/i18n";

/** The frame of everything before the sign-in: one card, and the other language. */
export function Outside({ title, about, wide = false, children }: { title: string; about?: string; wide?: boolean; children: ReactNode }) {
  const { i18n } = useTranslation();
  const other: Language = i18n.language === "ar" ? "en" : "ar";
  useEffect(() => {
    document.title = `${title} · Barid`;
  }, [title]);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Box w="100%" maw={wide ? 620 : 420}>
        <Group justify="space-between" mb="md">
          <Group gap={10}><img src="/icon.svg" alt="" width={32} height={32} /><Text fw={600} size="lg">Barid · بريد</Text></Group>
          <Anchor component="button" type="button" lang={other} onClick={() => void i18n.changeLanguage(other)}>{LANGUAGES[other]}</Anchor>
        </Group>
        <Card padding="xl">
          <Stack>
            <Box>
              <Title order={1} fz={22}>{title}</Title>
              {about && <Text c="dimmed" size="sm" mt={4}>{about}</Text>}
            </Box>
            {children}
          </Stack>
        </Card>
      </Box>
    </Center>
  );
}
