package io.quickdrop.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
    private static final long SIZE = 1000;

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-999, 0, 1000",
        "bytes=0-, 0, 1000",
        "bytes=500-, 500, 500",
        "bytes=999-5000, 999, 1",
        "bytes=-1, 999, 1",
        "bytes=-5000, 0, 1000",
        "bytes=10-19, 10, 10"
    })
    void aSingleRangeIsCutToTheFile(String header, long first, long length) {
        assertThat(ByteRange.parse(header, SIZE)).hasValue(new ByteRange(first, length, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000-", "bytes=5000-6000", "bytes=-0"})
    void aRangeBehindTheEndCanNotBeSatisfied(String header) {
        assertThat(ByteRange.parse(header, SIZE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=5-2",
                "bytes=a-b",
                "bytes=-",
                "bytes=0-1,5-6",
                "items=0-1",
                "",
                "bytes=99999999999999999999-"
            })
    void whatIsNoSingleRangeIsAnsweredWithTheWholeFile(String header) {
        assertThat(ByteRange.parse(header, SIZE)).hasValue(ByteRange.whole(SIZE));
    }

    @Test
    void withoutARangeItIsTheWholeFile() {
        @Nullable String none = null;
        assertThat(ByteRange.parse(none, SIZE)).hasValue(ByteRange.whole(SIZE));
    }

    @Test
    void theContentRangeNamesFirstLastAndSize() {
        assertThat(new ByteRange(10, 10, false).contentRange(SIZE)).isEqualTo("bytes 10-19/1000");
    }
}
