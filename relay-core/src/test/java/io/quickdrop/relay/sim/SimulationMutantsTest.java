package io.quickdrop.relay.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.protocol.Decoded;
import io.quickdrop.relay.driver.InMemoryRecordingStore;
import io.quickdrop.relay.driver.RecordingStore.IntegrityException;
import io.quickdrop.relay.driver.RecordingStore.OpenRecording;
import io.quickdrop.relay.driver.RecordingStore.Unfinished;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.upload.SavedRecording;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether the simulation would notice: each protection, switched off, has to turn it red. */
class SimulationMutantsTest {
    private static final int WORLDS = 200;
    private static final Logger DRIVER_LOG = Logger.getLogger("io.quickdrop.relay.driver");

    @BeforeAll
    static void theDriverReportsEachFaultAndThereAreManyOnPurpose() {
        DRIVER_LOG.setLevel(Level.OFF);
    }

    @Test
    void aStoreThatAcknowledgesWithoutForcingIsFound() {
        assertRed("durable are", new Simulation.Alteration() {
            @Override
            protected SimulatedStore store(
                    InMemoryRecordingStore disk, SplittableRandom random, SimulatedStore.Watch watch) {
                return new SimulatedStore(disk, random, watch) {
                    @Override
                    protected long force(OpenRecording recording, long writtenBytes, long chunks) {
                        return writtenBytes;
                    }
                };
            }
        });
    }

    @Test
    void aStoreThatKeepsWhatAFailedWriteLeftIsFound() {
        assertRed("gave up|kept are", new Simulation.Alteration() {
            @Override
            protected SimulatedStore store(
                    InMemoryRecordingStore disk, SplittableRandom random, SimulatedStore.Watch watch) {
                return new SimulatedStore(disk, random, watch) {
                    @Override
                    protected void rewind(OpenRecording recording) throws StorageException {
                        super.rewind(recording);
                        recording.append(ByteBuffer.wrap(new byte[5]));
                    }
                };
            }
        });
    }

    @Test
    void aStoreThatForgetsItsSessionsWithTheProcessIsFound() {
        assertRed("acknowledged", new Simulation.Alteration() {
            @Override
            protected SimulatedStore store(
                    InMemoryRecordingStore disk, SplittableRandom random, SimulatedStore.Watch watch) {
                return new SimulatedStore(disk, random, watch) {
                    @Override
                    public List<Unfinished> unfinished() throws StorageException {
                        super.unfinished().forEach(session -> disk.forget(session.id()));
                        return List.of();
                    }
                };
            }
        });
    }

    @Test
    void aServerThatAcknowledgesTooEarlyIsFound() {
        assertRed("forgets|gave up", textToClient(text -> increased(text, "{\"type\":\"progress\"", "\"bytes\":", 1)));
    }

    @Test
    void aClientThatContinuesFurtherThanItWasToldIsFound() {
        assertRed("forgets", textToClient(text -> increased(text, "{\"type\":\"started\"", "\"bytes\":", 37)));
    }

    @Test
    void anUploadThatNeverEndsIsFound() {
        assertRed(
                "has not come to an end",
                textToClient(text -> text.startsWith("{\"type\":\"saved\"") ? "{\"type\":\"goodbye\"}" : text));
    }

    @Test
    void aClientThatSendsOtherBytesIsFound() {
        assertRed("not the source's", chunkToServer(frame -> {
            Chunk chunk = ((Decoded.Accepted<Chunk>) Chunk.decode(frame)).value();
            byte[] other = new byte[chunk.payload().remaining()];
            return Chunk.of(chunk.offset(), ByteBuffer.wrap(other)).encode();
        }));
    }

    @Test
    void aStoreThatSavesWhateverHashItHasIsFound() {
        assertRed("server said saved|gave up: integrity_mismatch", seed -> new Damage(seed) {
            @Override
            protected SimulatedStore store(
                    InMemoryRecordingStore disk, SplittableRandom random, SimulatedStore.Watch watch) {
                return new DamagingStore(disk, random, watch) {
                    @Override
                    protected SavedRecording save(
                            OpenRecording recording, long totalBytes, @Nullable String sha256, long chunks)
                            throws StorageException, IntegrityException {
                        return recording.save(totalBytes, null, chunks);
                    }
                };
            }
        });
    }

    @Test
    void aStoreThatDropsWhatMendsIsFound() {
        assertRed("gave up: integrity_mismatch", seed -> new Damage(seed) {
            @Override
            protected SimulatedStore store(
                    InMemoryRecordingStore disk, SplittableRandom random, SimulatedStore.Watch watch) {
                return new DamagingStore(disk, random, watch) {
                    @Override
                    protected void replace(OpenRecording recording, long offset, ByteBuffer bytes) {}
                };
            }
        });
    }

    @Test
    void aServerThatDoesNotTellWhatItHasIsFound() {
        assertRed("gave up: integrity_mismatch|has not come to an end", seed -> new Damage(seed) {
            @Override
            protected UnaryOperator<String> textToClient() {
                return text -> text.startsWith("{\"type\":\"blocks\"")
                        ? "{\"type\":\"error\",\"reason\":\"integrity_mismatch\"}"
                        : text;
            }
        });
    }

    /** Not a mutant, but its opposite: the protocol has means against a transport that damages or loses. */
    @Test
    void chunksThatAreDamagedOrLostAreHealed() {
        SplittableRandom random = new SplittableRandom(1);
        Simulation.Alteration worse = chunkToServer(frame -> {
            if (random.nextInt(30) > 0) {
                return frame;
            }
            ByteBuffer damaged = ByteBuffer.allocate(frame.remaining()).put(frame.duplicate());
            int at = random.nextBoolean()
                    ? 0
                    : Chunk.HEADER_BYTES + random.nextInt(frame.remaining() - Chunk.HEADER_BYTES);
            damaged.put(at, (byte) (damaged.get(at) ^ 0x10));
            return damaged.flip();
        });
        Tally tally = new Tally();
        for (long seed = 0; seed < WORLDS; seed++) {
            tally.add(new Simulation(seed, worse).run());
        }
        assertThat(tally.sessions()).isGreaterThan(WORLDS);
    }

    private static void assertRed(String promise, Simulation.Alteration mutant) {
        assertRed(promise, seed -> mutant);
    }

    private static void assertRed(String promise, LongFunction<Simulation.Alteration> mutants) {
        for (long seed = 0; seed < WORLDS; seed++) {
            try {
                new Simulation(seed, mutants.apply(seed)).run();
            } catch (AssertionError red) {
                assertThat(red).hasMessageContaining("seed " + seed);
                assertThat(String.valueOf(red.getCause())).containsPattern(promise);
                return;
            }
        }
        fail("the simulation stayed green in " + WORLDS + " worlds");
    }

    private static Simulation.Alteration textToClient(UnaryOperator<String> altered) {
        return new Simulation.Alteration() {
            @Override
            protected UnaryOperator<String> textToClient() {
                return altered;
            }
        };
    }

    private static Simulation.Alteration chunkToServer(UnaryOperator<ByteBuffer> altered) {
        return new Simulation.Alteration() {
            @Override
            protected UnaryOperator<ByteBuffer> chunkToServer(SimulatedUpload upload) {
                return altered;
            }
        };
    }

    private static String increased(String text, String start, String field, long by) {
        Matcher matcher = Pattern.compile(Pattern.quote(field) + "(\\d+)").matcher(text);
        if (!text.startsWith(start) || !matcher.find()) {
            return text;
        }
        return matcher.replaceFirst(field + (Long.parseLong(matcher.group(1)) + by));
    }
}
