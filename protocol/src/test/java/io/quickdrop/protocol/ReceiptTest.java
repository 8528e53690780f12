package io.quickdrop.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReceiptTest {
    private static final String ZEROS = "0".repeat(64);

    @Test
    void theReceiptIsTheBeginningOfTheHashInGroupsThatAPersonCanRead() {
        // Twelve digits of five bits: 0 to 10, and 31.
        assertThat(Receipt.of("00443214c74255f0" + "f".repeat(48))).isEqualTo("0123-4567-89AZ");
    }

    @Test
    void aReceiptDiffersInTheVeryLastOfItsBits() {
        assertThat(Receipt.of(ZEROS)).isEqualTo("0000-0000-0000");
        assertThat(Receipt.of("000000000000001" + "0".repeat(49))).isEqualTo("0000-0000-0001");
    }
}
