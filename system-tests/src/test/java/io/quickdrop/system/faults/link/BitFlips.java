package io.quickdrop.system.faults.link;

import io.quickdrop.protocol.Chunk;
import io.quickdrop.system.harness.TestSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Flips one bit in some of an upload's messages, each time in a region drawn from the seed. Safe on any thread. */
final class BitFlips implements FlippingProxy.Flipper {
    /** What is hit. */
    enum Region {
        /** Kind, flags and what is reserved. */
        HEADER,
        CRC,
        OFFSET,
        PAYLOAD,
        /** A message in JSON. */
        TEXT
    }

    /** Another session's id would be another session, rightly: there the protocol has nothing to notice. */
    private static final Pattern BEGINNING =
            Pattern.compile("\"type\":\"(?:start|resume)\".*\"sessionId\":\"([^\"]*)\"");

    private final Random random;
    private int left;
    private final Map<Region, Integer> flipped = new TreeMap<>();

    /** @param flips at most so many */
    BitFlips(Random random, int flips) {
        this.random = random;
        this.left = flips;
    }

    @Override
    public synchronized void flip(int opcode, byte[] payload) {
        if (left == 0 || payload.length == 0) {
            return;
        }
        if (opcode == TestSocket.BINARY && payload.length > Chunk.HEADER_BYTES && random.nextInt(3) == 0) {
            switch (random.nextInt(5)) {
                case 0 -> flip(Region.HEADER, payload, 0, 4);
                case 1 -> flip(Region.CRC, payload, 4, 8);
                case 2 -> flip(Region.OFFSET, payload, 8, 16);
                default -> flip(Region.PAYLOAD, payload, Chunk.HEADER_BYTES, payload.length);
            }
        } else if (opcode == TestSocket.TEXT && random.nextInt(12) == 0) {
            Matcher beginning = BEGINNING.matcher(new String(payload, StandardCharsets.UTF_8));
            if (beginning.find()) {
                flip(Region.TEXT, payload, beginning.end(1) + 1, payload.length);
            } else {
                flip(Region.TEXT, payload, 0, payload.length);
            }
        }
    }

    private void flip(Region region, byte[] payload, int from, int to) {
        payload[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
        flipped.merge(region, 1, Integer::sum);
        left--;
    }

    /** How often each region was hit. */
    synchronized Map<Region, Integer> flipped() {
        return new TreeMap<>(flipped);
    }

    /** Whether any message in JSON was hit. */
    synchronized boolean hitText() {
        return flipped.containsKey(Region.TEXT);
    }

    /** How many bits were flipped. */
    synchronized int count() {
        return flipped.values().stream().mapToInt(Integer::intValue).sum();
    }
}
