/** For the tests: what this page believes, to be read only. */

/**
 * @param {import("./uploader.js").Uploader} uploader
 * @param {import("./recording-desk.js").RecordingDesk} desk
 * @param {import("./offline.js").OfflineCopy} offline
 */
export function showBeliefs(uploader, desk, offline) {
  Object.defineProperty(window, "quickdrop", {
    value: Object.freeze({
      get takes() {
        return uploader.takes.map((take) => ({
          sessionId: take.sessionId,
          produced: take.recordedBytes,
          kept: take.sender.produced,
          acknowledged: take.sender.acknowledged,
          sha256: take.sha256,
          state: take === desk.take ? "recording" : take.paused ? "paused" : take.sender.state,
        }));
      },
      get offline() {
        return offline.state;
      },
      get way() {
        return uploader.link.way;
      },
      get connection() {
        return uploader.link.state;
      },
    }),
  });
}
