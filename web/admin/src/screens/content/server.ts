import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, fetchClient } from "@/api/client";
import type { components } from "@/api/schema";
import type { Body, Design } from "./document";

/** Content as it is handed in: a subject, and one of the three bodies. */
export interface Content {
  subject: string;
  preheader?: string | null;
  text?: string | null;
  design?: Design;
  mjml?: string;
  html?: string;
}

/** Something that was found in content: where, what, and what to do. */
export type Finding = components["schemas"]["Finding"];
export type StoredImage = components["schemas"]["Image"];
export type Starter = Omit<components["schemas"]["Starter"], "design"> & { design: Design };

export interface Shown {
  ok: boolean;
  subject: string;
  preheader: string;
  html: string;
  text: string;
  language: string;
  direction: string;
  bytes: number;
  clipped: boolean;
  findings: Finding[];
}

export interface Reader {
  language: string;
  /** The person as whom it is read; an invented one when absent. */
  contact?: string;
}

async function show(content: Content, { language, contact }: Reader): Promise<Shown> {
  const { data, error } = await fetchClient.POST("/v1/content/preview", {
    body: { content: { ...content, language, variants: {} }, language, ...(contact ? { contact } : { sample: true }) },
  });
  if (error) throw error;
  return data as Shown;
}

/** The message as the server renders it for somebody: exactly what would be sent. */
export function usePreview(content: Content | null, reader: Reader) {
  return useQuery({
    queryKey: ["preview", content, reader.language, reader.contact],
    enabled: content !== null,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    placeholderData: (before) => before,
    queryFn: () => show(content as Content, reader),
  });
}

const asStarters = ({ items }: { items: unknown[] }) => ({ items: items as Starter[] });

/** The designs to begin with, in all their languages; names are in the reader's. */
export function useStarters() {
  const { i18n } = useTranslation();
  return api.useQuery("get", "/v1/starters", { params: { query: { language: i18n.language } } }, { staleTime: Infinity, select: asStarters });
}

export const useTemplates = () => api.useQuery("get", "/v1/templates", { params: { query: { limit: 200 } } });

export const useImages = (enabled: boolean) => api.useQuery("get", "/v1/images", { params: { query: { limit: 60 } } }, { enabled });

/** Stores a picture in the library. The file goes as it is, so the body is not made into JSON. */
export async function upload(file: File): Promise<StoredImage> {
  const { data, error } = await fetchClient.POST("/v1/images", {
    params: { query: { name: file.name } },
    body: file as unknown as string,
    bodySerializer: () => file,
    headers: { "content-type": file.type },
  });
  if (error) throw error;
  if (!data) throw new TypeError("no answer");
  return data;
}

export const withBody = (content: Omit<Content, "design" | "mjml" | "html">, body: Body): Content => ({ ...content, ...body });
