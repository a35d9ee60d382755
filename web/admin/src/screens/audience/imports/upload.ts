import { currentWorkspace } from "@/app/place";

/** Sends a file as it is, however large, telling how far it is. Rejects with the server's problem, or a `TypeError`
 *  when there is no connection. */
export function upload(query: URLSearchParams, file: Blob, moved: (share: number) => void): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/v1/imports?${query}`);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "text/csv");
    const workspace = currentWorkspace();
    if (workspace) request.setRequestHeader("X-Barid-Workspace", workspace);
    request.upload.onprogress = ({ loaded, total }) => moved(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status < 300 ? resolve(request.response as { id: string }) : reject(request.response ?? new TypeError("no answer")));
    request.onerror = () => reject(new TypeError("no connection"));
    request.send(file);
  });
}
