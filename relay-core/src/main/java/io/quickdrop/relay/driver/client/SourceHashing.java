package io.quickdrop.relay.driver.client;

import io.quickdrop.protocol.UploadMessage.Blocks;
import io.quickdrop.relay.upload.SenderInput.SourceHashed;
import io.quickdrop.relay.upload.SenderOutput.HashSource;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Hashes a part of a source block by block, a piece at a time, so that its client stays awake meanwhile. */
final class SourceHashing {
    private static final int PIECE_BYTES = 1 << 20;

    private final UploadClient.Source source;
    private final HashSource order;
    private final MessageDigest digest = sha256();
    private final List<String> hashes = new ArrayList<>();
    private final long end;
    private long at;
    private long blockEnd;

    SourceHashing(UploadClient.Source source, HashSource order) {
        this.source = source;
        this.order = order;
        this.at = order.offset();
        this.end = order.offset() + order.bytes();
        this.blockEnd = endOfBlock();
    }

    /** Reads the next piece; the answer when that was the last one. */
    Optional<SourceHashed> step() throws IOException {
        if (at < end) {
            int length = (int) Math.min(PIECE_BYTES, blockEnd - at);
            digest.update(source.read(at, length).duplicate());
            at += length;
        }
        if (at == blockEnd && hashes.size() < blocks()) {
            hashes.add(HexFormat.of().formatHex(digest.digest()));
            blockEnd = endOfBlock();
        }
        return at < end
                ? Optional.empty()
                : Optional.of(new SourceHashed(order.offset(), order.bytes(), order.blockBytes(), hashes));
    }

    private long blocks() {
        return Blocks.count(order.bytes(), order.blockBytes());
    }

    private long endOfBlock() {
        return at + Math.min(order.blockBytes(), end - at);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
