package io.quickdrop.relay.sim;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.protocol.SessionId;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.StorageException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * A world in which bytes are damaged where no chunk's checksum can tell: between the sender's hash and the checksum, and on the
 * server's disk behind a write, those that mend included. Each upload suffers so a few times at most, and has to be saved whole all the
 * same.
 */
class Damage extends Simulation.Alteration {
    /**
     * Less than the rounds after which a client gives up, and no more than the conflicts that it bears: each damage may be
     * found also by bytes that are sent again before the end.
     */
    private static final int DAMAGES = 3;

    private final SplittableRandom random;

    Damage(long seed) {
        random = new SplittableRandom(seed ^ 0x5DEECE66DL);
    }

    @Override
    protected int damages() {
        return DAMAGES;
    }

    @Override
    protected UnaryOperator<ByteBuffer> chunkToServer(SimulatedUpload upload) {
        return frame -> {
            if (random.nextInt(8) > 0 || !upload.takeDamage()) {
                return frame;
            }
            Chunk chunk = ((Decoded.Accepted<Chunk>) Chunk.decode(frame)).value();
            ByteBuffer other = ByteBuffer.allocate(chunk.payload().remaining())
                    .put(chunk.payload().duplicate())
                    .flip();
            flip(other);
            return (chunk.repair() ? Chunk.repairOf(chunk.offset(), other) : Chunk.of(chunk.offset(), other)).encode();
        };
    }

    @Override
    protected SimulatedStore store(InMemoryRecordingStore disk, SplittableRandom any, SimulatedStore.Watch watch) {
        return new DamagingStore(disk, any, watch);
    }

    /** A disk that now and then has something else than was written. */
    class DamagingStore extends SimulatedStore {
        private final InMemoryRecordingStore disk;
        private final Watch watch;

        DamagingStore(InMemoryRecordingStore disk, SplittableRandom any, Watch watch) {
            super(disk, any, watch);
            this.disk = disk;
            this.watch = watch;
        }

        @Override
        protected void written(SessionId id, OpenRecording recording, long offset, int length) throws StorageException {
            if (length > 0 && random.nextInt(8) == 0 && watch.damages(id)) {
                ByteBuffer found = ByteBuffer.wrap(disk.bytes(id).orElseThrow(), (int) offset, length)
                        .slice();
                flip(found);
                recording.replace(offset, found);
            }
        }
    }

    private void flip(ByteBuffer bytes) {
        int at = random.nextInt(bytes.remaining());
        bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
    }
}
