package io.quickdrop.server.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.quickdrop.protocol.v1.V1Codec;
import io.quickdrop.server.ws.TextParts.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TextPartsTest {
    private static Verdict add(TextParts text, byte[] bytes, int maxBytes) {
        return text.add(Unpooled.wrappedBuffer(bytes), maxBytes);
    }

    @Test
    void aCharacterMayLieOnBothSidesOfACut() {
        TextParts text = new TextParts();
        byte[] bytes = "aé⌘z".getBytes(StandardCharsets.UTF_8);
        for (byte one : bytes) {
            assertThat(add(text, new byte[] {one}, 100)).isEqualTo(Verdict.TAKEN);
        }
        assertThat(text.take()).isEqualTo("aé⌘z");
        assertThat(add(text, new byte[] {'b'}, 100)).isEqualTo(Verdict.TAKEN);
        assertThat(text.take()).isEqualTo("b");
    }

    @Test
    void aByteMoreThanAllowedIsTooLong() {
        TextParts text = new TextParts();
        assertThat(add(text, new byte[100], 100)).isEqualTo(Verdict.TAKEN);
        assertThat(add(text, new byte[1], 100)).isEqualTo(Verdict.TOO_LONG);
    }

    @Test
    void longTextsOfAllConnectionsTogetherAreBounded() {
        List<TextParts> arriving = new ArrayList<>();
        Verdict last = Verdict.TAKEN;
        while (last == Verdict.TAKEN) {
            TextParts text = new TextParts();
            arriving.add(text);
            for (int i = 0; i < 127 && last == Verdict.TAKEN; i++) {
                last = add(text, new byte[65_536], V1Codec.MAX_TEXT_BYTES);
            }
        }
        assertThat(last).isEqualTo(Verdict.CROWDED);
        assertThat(arriving).hasSize(5);
        assertThat(TextParts.arrivingBytes()).isLessThanOrEqualTo(TextParts.MAX_ARRIVING_BYTES);
        assertThat(add(new TextParts(), new byte[60_000], 65_536))
                .as("short ones always fit")
                .isEqualTo(Verdict.TAKEN);
        arriving.forEach(TextParts::clear);
        assertThat(TextParts.arrivingBytes()).isZero();
    }
}
