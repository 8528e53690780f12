package io.quickdrop.system.faults.mutants;

import io.quickdrop.system.faults.mutants.Mutant.Source;
import java.util.List;

/** What can be switched off, and what notices. */
final class Protections {
    private static final String STORE_TESTS = "io.quickdrop.server.recordings.";
    private static final String UPLOAD_TESTS = "io.quickdrop.relay.upload.";
    private static final String SYSTEM_TESTS = "io.quickdrop.system.";

    private static final Trial POWER_CUT = Trial.of(STORE_TESTS + "EveryCallFailsTest#aCrashAtAnyCallLosesNothing");
    private static final Trial STORE = Trial.of(STORE_TESTS + "FileRecordingStoreTest");
    private static final Trial CATALOGUE_ROWS = Trial.of("io.quickdrop.server.catalogue.CatalogueTest");
    private static final Trial WORLDS =
            Trial.of("io.quickdrop.relay.sim.SimulationTest").with("quickdrop.sim.sessions=3000");
    private static final Trial SESSION = Trial.of(UPLOAD_TESTS + "UploadSessionTest");
    private static final Trial SESSION_ENDS = Trial.of(UPLOAD_TESTS + "UploadSessionEndsTest");
    private static final Trial SENDER = Trial.of(UPLOAD_TESTS + "UploadSenderTest");
    private static final String FRONT_DOOR = SYSTEM_TESTS + "security.FrontDoorTest#";
    private static final Trial TAKE_OVER =
            Trial.of(SYSTEM_TESTS + "faults.TakeOverTest#theOlderConnectionIsClosedWith4409");
    private static final Trial PAGE_KEEPS = Trial.of("kept-until-saved.test.js");
    private static final Trial PAGE_JOURNAL = Trial.of("journal-file.test.js");
    private static final Trial PAGE_SENDER = Trial.of("upload-sender.test.js");

    private Protections() {}

    /** All mutants. */
    static List<Mutant> mutants() {
        return List.of(
                // ---- the disk
                store("data sync", "PartFile", "        file.force();\n", "", POWER_CUT),
                store(
                        "directory sync of a final name",
                        "Completion",
                        "facilities.disk().syncFolder(output);",
                        "facilities.disk().size(output);",
                        POWER_CUT),
                store(
                        "directory sync of an incoming name",
                        "PartFile",
                        "facilities.disk().syncFolder(facilities.folders().incoming());",
                        "facilities.disk().size(facilities.folders().incoming());",
                        POWER_CUT),
                store(
                        "new file after a failed sync",
                        "FileRecording",
                        "} else if (trouble == Trouble.DEVICE) {",
                        "} else if (trouble == Trouble.DEVICE && closed) {",
                        STORE),
                store(
                        "a failed sync is told",
                        "FileRecording",
                        "throw failed(Trouble.DEVICE, incomingFailed(\"force\", e));",
                        "completion.getClass();",
                        STORE),
                store(
                        "hash check before saved",
                        "FileRecording",
                        "&& !found.equals(sha256)",
                        "&& found.equals(\"\")",
                        STORE),
                store(
                        "length check before saved",
                        "FileRecording",
                        "if (found != totalBytes)",
                        "if (found < 0)",
                        STORE),
                store(
                        "reserve of free space",
                        "FreeSpace",
                        "disk.usableBytes(folder) - reserveBytes",
                        "disk.usableBytes(folder)",
                        STORE),
                store(
                        "no overwrite of a final name",
                        "LocalDisk",
                        "Files.createLink(name, file);",
                        "Files.deleteIfExists(name); Files.createLink(name, file);",
                        STORE),
                store(
                        "final names only for whole recordings",
                        "StoreFolders",
                        "return incoming.resolve(name);",
                        "return output.resolve(name);",
                        STORE),
                store("torn tail cut off", "PartFile", "                file.truncate(bytes);\n", "", STORE),
                store(
                        "store's fence against older openings",
                        "FileRecordingStore",
                        "earlier.fenceOff();",
                        "earlier.fileName();",
                        STORE),
                new Mutant(
                        "catalogue's fence by epoch",
                        Source.java("quickdrop-server", "io.quickdrop.server.catalogue.UploadTable"),
                        "AND owner_epoch = ? AND state = 'receiving'",
                        "AND owner_epoch >= ? AND state = 'receiving'",
                        CATALOGUE_ROWS),
                // ---- the session at the server
                session(
                        "no early acknowledgement",
                        "SessionLife",
                        "new Progress(id, extent.durable(), chunks)",
                        "new Progress(id, extent.received(), chunks)",
                        WORLDS),
                session(
                        "offset check",
                        "Intake",
                        "} else if (chunk.offset() > expected) {",
                        "} else if (chunk.offset() == Long.MAX_VALUE) {",
                        Trial.of(SYSTEM_TESTS + "faults.link.OffsetsTest").with("quickdrop.offsets=400")),
                session(
                        "checksum",
                        "Intake",
                        "if (!chunk.isIntact()) {",
                        "if (chunk.offset() < 0) {",
                        Trial.of(SYSTEM_TESTS + "faults.link.CorruptionTest").with("quickdrop.flips=30")),
                session(
                        "comparison of what comes twice",
                        "Intake",
                        "if (overlap > 0) {",
                        "if (overlap < 0) {",
                        SESSION),
                session(
                        "owner fence",
                        "PeerSide",
                        "if (!life.voice.isOwner(input.owner())) {",
                        "if (!life.voice.hasOwner()) {",
                        SESSION),
                session(
                        "resume takes over",
                        "OwnerVoice",
                        "boolean isOlder = connection.value() < owner.id.value();",
                        "boolean isOlder = true;",
                        TAKE_OVER),
                session(
                        "a session belongs to its device",
                        "PeerSide",
                        "!life.device.equals(attached.device())",
                        "life.device.isEmpty()",
                        SESSION),
                session(
                        "expiry",
                        "UploadSession",
                        "life.phase() == SessionPhase.ORPHANED && hasCome(",
                        "life.phase() == SessionPhase.NEW && hasCome(",
                        SESSION_ENDS),
                // ---- the client
                session(
                        "bounded window",
                        "SendWindow",
                        "return next - base;",
                        "return Math.min(0, next - base);",
                        SENDER),
                session(
                        "forget only what is acknowledged",
                        "SenderEars",
                        "life.order(new SenderOutput.Forget(durableBytes));",
                        "life.order(new SenderOutput.Forget(life.window.reached()));",
                        WORLDS),
                new Mutant(
                        "silence is death",
                        Source.java("relay-core", "io.quickdrop.relay.link.Heartbeat"),
                        "return Verdict.DEAD;",
                        "return Verdict.QUIET;",
                        Trial.of("io.quickdrop.relay.link.HeartbeatTest")),
                new Mutant(
                        "bounded memory for a slow disk",
                        Source.java("relay-core", "io.quickdrop.relay.link.ReadGate"),
                        "outstandingBytes >= highBytes",
                        "outstandingBytes < 0",
                        Trial.of("io.quickdrop.relay.driver.PeerTest")),
                // ---- the door
                new Mutant(
                        "Origin check of upgrades",
                        Source.java("quickdrop-server", "io.quickdrop.server.connections.Reception"),
                        "if (!ownOrigin && !v1WithoutOrigin) {",
                        "if (!ownOrigin && origin == null && !v1WithoutOrigin) {",
                        Trial.of(FRONT_DOOR + "upgradesNeedTheExactOriginAndV2NeedsOneAtAll")),
                new Mutant(
                        "Origin check of requests",
                        Source.java("quickdrop-server", "io.quickdrop.server.http.Gate"),
                        "&& site.allowlist().get().checkOrigin(origin, identity.byBearer()) != HostAllowlist.Verdict.ALLOWED) {",
                        "&& origin != null && origin.isEmpty()) {",
                        Trial.of(FRONT_DOOR + "mutationsNeedTheExactOrigin")),
                // ---- the pages
                page(
                        "page: journal before send",
                        "phone/take.js",
                        "this.#keeping = this.#keeping.then(() => kept).then(() => {",
                        "this.#keeping = this.#keeping.then(() => {",
                        PAGE_KEEPS),
                page(
                        "page: delete only after saved",
                        "phone/uploader.js",
                        "    if (take.sender.state === \"saved\") {\n      void take.store.clear();",
                        "    if (take.sender.acknowledged === take.recordedBytes) void take.store.clear();\n"
                                + "    if (take.sender.state === \"saved\") {",
                        PAGE_KEEPS),
                page(
                        "page: journal synced to the disk",
                        "shared/journal/take-file.js",
                        "      this.#handle.flush();\n      this.changedTs = ts;",
                        "      this.changedTs = ts;",
                        PAGE_JOURNAL),
                page(
                        "page: torn tail of the journal cut off",
                        "shared/journal/take-file.js",
                        "    file.#cutTornTail();\n",
                        "",
                        PAGE_JOURNAL),
                page(
                        "page: bounded window",
                        "shared/send-window.js",
                        "const room = this.acknowledged + WINDOW_BYTES - this.next;",
                        "const room = Infinity;",
                        PAGE_SENDER),
                page(
                        "page: saved is checked",
                        "shared/sender-ears.js",
                        "if (message.bytes !== ended.totalBytes || message.sha256 !== ended.sha256) {",
                        "if (message.bytes !== ended.totalBytes) {",
                        PAGE_SENDER),
                page(
                        "page: superseded waits for the person",
                        "shared/reconnector.js",
                        "4409",
                        "4999",
                        Trial.of("reconnector.test.js")));
    }

    private static Mutant store(String protection, String className, String find, String replacement, Trial trial) {
        Source source = Source.java("quickdrop-server", "io.quickdrop.server.recordings." + className);
        return new Mutant(protection, source, find, replacement, trial);
    }

    private static Mutant session(String protection, String className, String find, String replacement, Trial trial) {
        Source source = Source.java("relay-core", "io.quickdrop.relay.upload." + className);
        return new Mutant(protection, source, find, replacement, trial);
    }

    private static Mutant page(String protection, String path, String find, String replacement, Trial trial) {
        return new Mutant(protection, Source.page(path), find, replacement, trial);
    }
}
