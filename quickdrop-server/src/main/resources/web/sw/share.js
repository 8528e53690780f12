/** What another app shares is put onto the shelf, where the page finds it and sends it. */
import { FileShelf } from "../shared/file-shelf.js";
import { newSessionId } from "../shared/session-id.js";

/**
 * @param {Request} request of the share sheet, `multipart/form-data`
 * @param {string} page where to go on
 * @param {Pick<FileShelf, "put">} [shelf]
 * @returns {Promise<Response>}
 */
export async function keepShared(request, page, shelf = new FileShelf()) {
  let result = "shared";
  try {
    const files = (await request.formData()).getAll("files").filter((value) => value instanceof File);
    for (const file of files) {
      const { name, size, lastModified, type } = file;
      const known = { name, size, lastModified, type };
      await shelf.put({ sessionId: newSessionId(), startedTs: Date.now(), known, head: null, content: file });
    }
    if (files.length === 0) result = "shared=nothing";
  } catch (error) {
    console.error("what was shared cannot be kept", error);
    result = "shared=failed";
  }
  return Response.redirect(new URL(`${page}?${result}`, request.url).href, 303);
}
