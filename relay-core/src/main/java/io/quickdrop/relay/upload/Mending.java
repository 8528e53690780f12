package io.quickdrop.relay.upload;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.ErrorReason;
import io.quickdrop.protocol.UploadMessage.Blocks;
import io.quickdrop.protocol.UploadMessage.Compare;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a session whose hash is not its sender's is mended: the sender is told what is on the disk, block by block, sends what
 * differs again, and says {@code end} anew.
 *
 * <p>Nothing is remembered of it but a number: what is on the disk is hashed anew for whoever says {@code end}, so that a cut,
 * a crash or a failing disk in the midst of it costs no more than another round.
 */
final class Mending {
    /** Rounds on one connection. Our own clients give up before; each costs a reading of the whole. */
    private static final int MAX_ROUNDS = 8;

    private final SessionLife life;
    private @Nullable OwnerId mender;
    private int rounds;

    Mending(SessionLife life) {
        this.life = life;
    }

    /** Whether the owner's {@code end} did not fit, and it may try again. */
    boolean isPossible() {
        boolean fresh = !life.voice.ownerId().equals(Optional.ofNullable(mender));
        return life.ending.canRepair() && (fresh || rounds < MAX_ROUNDS);
    }

    /** Tells the owner what is on the disk. */
    void begin() {
        OwnerId owner = life.voice.ownerId().orElseThrow(() -> new AssertionError("nobody to mend " + life.id));
        if (!owner.equals(mender)) {
            mender = owner;
            rounds = 0;
        }
        rounds++;
        life.become(SessionPhase.REPAIRING);
        hash(owner, 0, life.extent.received());
    }

    /** The owner wants to know a part more closely. */
    void compare(Compare compare) {
        long room = life.extent.received() - compare.offset();
        boolean inside = compare.bytes() >= 1 && compare.bytes() <= room;
        if (life.phase() != SessionPhase.REPAIRING) {
            return; // something came between, of which the owner hears
        }
        if (!inside) {
            String found = "found " + compare.bytes() + " bytes at " + compare.offset() + "; allowed are 1 to " + room;
            life.sayProblem(ErrorReason.BAD_FIELD + "bytes", found, null);
            return;
        }
        life.voice.ownerId().ifPresent(owner -> hash(owner, compare.offset(), compare.bytes()));
    }

    /**
     * Bytes that replace those before. Where they can't be taken nothing is said: the {@code end} behind them finds it out,
     * and brings the next round.
     */
    void chunk(Chunk chunk) {
        boolean inside = chunk.end() <= life.extent.received() && chunk.end() > 0;
        if (life.phase() == SessionPhase.REPAIRING && inside && chunk.isIntact()) {
            life.chunks++;
            life.voice.order(new SessionOutput.Replace(chunk.offset(), chunk.payload()));
        }
    }

    void hashed(SessionInput.Hashed found) {
        if (life.phase() == SessionPhase.REPAIRING && life.voice.isOwner(found.asker())) {
            life.voice.say(
                    new Blocks(
                            life.id,
                            ErrorReason.INTEGRITY_MISMATCH,
                            found.offset(),
                            found.bytes(),
                            found.blockBytes(),
                            found.hashes()),
                    life.now);
        }
    }

    private void hash(OwnerId asker, long offset, long bytes) {
        life.voice.order(new SessionOutput.Hash(asker, offset, bytes, Blocks.blockBytesFor(bytes)));
    }
}
