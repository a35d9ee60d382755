/** Twice the usual width of a message: sharp on fine screens, and no more than they show. */
export const WIDEST = 1200;
const QUALITY = 0.85;
const SCALED = ["image/jpeg", "image/png", "image/webp"];

/** The measures of a picture that is to be at most so wide; null when it is no wider. */
export function fitted(width: number, height: number, widest = WIDEST): { width: number; height: number } | null {
  return width > widest ? { width: widest, height: Math.max(1, Math.round((height * widest) / width)) } : null;
}

/** A picture in the measures that mail needs, without what the camera wrote into it; the same file when it is small
 *  enough, moves (GIF), or would only become heavier. */
export async function scaled(file: File): Promise<File> {
  if (!SCALED.includes(file.type)) return file;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return file;
  }
  const size = fitted(bitmap.width, bitmap.height);
  if (!size) {
    bitmap.close();
    return file;
  }
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  if (!context) return file;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, size.width, size.height);
  bitmap.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, file.type, QUALITY));
  return blob && blob.size < file.size ? new File([blob], file.name, { type: blob.type }) : file;
}
