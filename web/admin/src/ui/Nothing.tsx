import { Anchor, Button, Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { LucideIcon } from "lucide-react";
import { Link } from "react-router";

interface Way {
  label: string;
  href?: string;
  act?: () => void;
}

/** An empty place: what it is for, the one thing to do first, and perhaps an example. */
export function Nothing({ icon: Icon, title, text, action, example, order = 2 }: { icon: LucideIcon; title: string; text: string; action?: Way; example?: Way; order?: 1 | 2 }) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="sm" maw={440} ta="center">
        <ThemeIcon size={56} color="teal"><Icon aria-hidden size={26} /></ThemeIcon>
        <Title order={order}>{title}</Title>
        <Text c="dimmed">{text}</Text>
        {action?.href && <Button component={Link} to={action.href}>{action.label}</Button>}
        {action?.act && <Button onClick={action.act}>{action.label}</Button>}
        {example?.href && <Anchor component={Link} to={example.href} size="sm">{example.label}</Anchor>}
        {example?.act && <Anchor component="button" type="button" onClick={example.act} size="sm">{example.label}</Anchor>}
      </Stack>
    </Center>
  );
}
