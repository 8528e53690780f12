package io.quickdrop.relay.sim.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rooms in which a promise was broken once, by the mistake that they are named for; each was seen red with it put back. A
 * seed stands for its room only as long as {@link DesktopWorld} draws its numbers in the same order: after a change there,
 * look for new ones.
 */
class NamedRoomsTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "62   | who looked at another rendition of a v1 desktop that rests was sent nothing",
                "112  | a page that showed again before it had heard of the new epoch was taken for hidden",
                "1629 | an acknowledgement that came after its batch was written off made the window grow",
                "5358 | a page that acknowledged once, late, was sent stills at that pace for ever",
            })
    void aRoomThatWasBrokenOnceIsWhole(long seed, String mistake) {
        assertThat(new DesktopWorld(seed, DesktopWorld.Alteration::none).run().rooms())
                .as(mistake)
                .isEqualTo(1);
    }
}
