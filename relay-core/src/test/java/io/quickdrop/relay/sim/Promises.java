package io.quickdrop.relay.sim;

import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the protocol promises, looked at wherever it could be broken: at each word of the server and each byte on its disk. */
final class Promises implements SimulatedStore.Watch {
    private final VirtualTime time;
    private final Map<SessionId, SimulatedUpload> uploads = new HashMap<>();
    private @Nullable SimulatedStore disk;
    private @Nullable String broken;
    private @Nullable Consumer<String> trace;

    Promises(VirtualTime time) {
        this.time = time;
    }

    /** The disk that is compared with what is said. */
    void compareWith(SimulatedStore store) {
        disk = store;
    }

    void traceTo(Consumer<String> lines) {
        trace = lines;
    }

    /** What was promised for an upload is looked at from now on. */
    void watch(SimulatedUpload upload) {
        uploads.put(upload.id, upload);
    }

    private SimulatedStore store() {
        if (disk == null) {
            throw new AssertionError("a world without a disk");
        }
        return disk;
    }

    void trace(String who, String what) {
        if (trace != null) {
            trace.accept(time.nowNanos() / 1_000_000 + " ms " + who + " " + what);
        }
    }

    void failIfBroken() {
        if (broken != null) {
            throw new AssertionError(broken);
        }
    }

    /** Remembers the first broken promise: where it is found, an exception could be caught by what is looked at. */
    void broken(String promise) {
        if (broken == null) {
            broken = promise;
        }
    }

    /** The server says something to the connection that it accepted as its {@code number}th. */
    void serverSays(SimulatedUpload upload, long number, String text) {
        trace(upload.id.value(), "← " + number + " " + text);
        if (text.startsWith("{\"type\":\"progress\"") || text.startsWith("{\"type\":\"started\"")) {
            long bytes = numberAfter(text, "\"bytes\":");
            if (bytes > store().durableBytes(upload.id)) {
                broken("server acknowledged " + bytes + " bytes of " + upload.id + "; durable are "
                        + store().durableBytes(upload.id));
            }
            if (bytes < upload.told && !upload.abortAsked) {
                broken("server acknowledged " + bytes + " bytes of " + upload.id + " after " + upload.told);
            }
            boolean open = store().saved(upload.id).isEmpty(); // else anybody is told that it is saved
            if (open && number < upload.owner) {
                broken("server served connection " + number + " of " + upload.id + " after " + upload.owner);
            }
            upload.told = bytes;
            upload.owner = number;
        } else if (text.startsWith("{\"type\":\"saved\"")) {
            SavedRecording saved = store().saved(upload.id).orElse(null);
            if (saved == null || saved.partial() || !isWhole(upload)) {
                broken("server said saved of " + upload.id + ", on the disk is " + saved);
            }
        }
    }

    static void ownerGone(SimulatedUpload upload, long number) {
        if (upload.owner == number) {
            upload.owner = 0; // an older connection that is slow, but alive, may own it then
        }
    }

    private static long numberAfter(String text, String name) {
        long value = 0;
        for (int i = text.indexOf(name) + name.length(); Character.isDigit(text.charAt(i)); i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    private boolean isWhole(SimulatedUpload upload) {
        return store().bytes(upload.id)
                .filter(bytes -> Arrays.equals(bytes, upload.source))
                .isPresent();
    }

    /** What has become of an upload has to fit what its client was told. */
    void judge(SimulatedUpload upload, Tally tally) {
        SavedRecording saved = store().saved(upload.id).orElse(null);
        if (upload.saved != null) {
            tally.saved++;
            if (saved == null || saved.partial() || !isWhole(upload)) {
                broken(upload.id + " was saved; on the disk is " + saved);
            } else if (!SimulatedUpload.sha256(upload.source).equals(upload.saved.sha256())) {
                broken(upload.id + " was saved with the hash of something else");
            }
        } else if (upload.aborted) {
            tally.aborted++;
            boolean wasAsked = upload.abortAsked && saved == null;
            if (!wasAsked || store().bytes(upload.id).isPresent()) {
                broken(upload.id + " was aborted; on the disk is " + saved);
            }
        } else {
            tally.keptPartial++;
            judgePartial(upload, saved);
        }
    }

    /** Nothing that was acknowledged is ever deleted silently. */
    private void judgePartial(SimulatedUpload upload, @Nullable SavedRecording saved) {
        if (saved == null) {
            if (upload.told > 0) {
                broken(upload.id + " had " + upload.told + " bytes acknowledged and is gone");
            }
            return;
        }
        byte[] bytes = store().bytes(upload.id).orElse(new byte[0]);
        boolean same = upload.damaged || Arrays.equals(bytes, Arrays.copyOf(upload.source, bytes.length));
        if (bytes.length < upload.told || !same) {
            broken(upload.id + " had " + upload.told + " bytes acknowledged; kept are " + saved);
        }
    }

    @Override
    public void appended(SessionId id, long offset, ByteBuffer bytes) {
        trace(id.value(), "append " + offset + "+" + bytes.remaining());
        byte[] source = known(id).source;
        boolean fits = offset + bytes.remaining() <= source.length;
        if (fits && known(id).damaged) {
            return; // looked at when it is said to be saved
        }
        if (!fits || !bytes.equals(ByteBuffer.wrap(source, (int) offset, bytes.remaining()))) {
            broken("store of " + id + " got bytes at " + offset + " that are not the source's");
        }
    }

    @Override
    public boolean damages(SessionId id) {
        return known(id).takeDamage();
    }

    @Override
    public void durable(SessionId id, long bytes) {
        trace(id.value(), "durable " + bytes);
        if (bytes < known(id).told && !known(id).abortAsked) {
            broken("store of " + id + " has " + bytes + " durable bytes; acknowledged were " + known(id).told);
        }
    }

    @Override
    public void discarded(SessionId id) {
        trace(id.value(), "discarded");
        SimulatedUpload upload = known(id);
        if (upload.told > 0 && !upload.abortAsked) {
            broken("store threw " + upload.told + " acknowledged bytes of " + id + " away");
        }
        upload.told = 0;
    }

    @Override
    public void misused(String how) {
        broken(how);
    }

    private SimulatedUpload known(SessionId id) {
        SimulatedUpload upload = uploads.get(id);
        if (upload == null) {
            throw new AssertionError("nobody has begun " + id);
        }
        return upload;
    }
}
