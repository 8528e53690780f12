package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.access.EnrolmentCodes.Offer;
import io.quickdrop.server.access.Redemption.Accepted;
import io.quickdrop.server.access.Redemption.Expired;
import io.quickdrop.server.access.Redemption.TooManyTries;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnrolmentCodesTest {
    private static final String DESKTOP = "192.168.1.20";

    private Instant now = Instant.parse("2026-11-22T14:03:09Z");
    private final EnrolmentCodes codes = new EnrolmentCodes(() -> now, new SecureRandom());

    @Test
    void aCodeIsShortUnmistakableAndGoodOnce() {
        Set<Character> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Offer offer = codes.offer();
            assertThat(offer.code()).matches("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}");
            offer.code().chars().forEach(letter -> seen.add((char) letter));
        }
        assertThat(seen).as("the whole alphabet and the hyphen").hasSize(33);

        Offer offer = codes.offer();
        assertThat(codes.redeem(offer.code(), DESKTOP)).isEqualTo(new Accepted());
        assertThat(codes.redeem(offer.code(), DESKTOP)).as("reused").isEqualTo(new Expired());
    }

    @Test
    void howAPersonTypesItDoesNotMatter() {
        for (int i = 0; i < 50; i++) {
            String typed = codes.offer()
                    .code()
                    .toLowerCase(Locale.ROOT)
                    .replace("-", " ")
                    .replace('0', 'o')
                    .replace('1', i % 2 == 0 ? 'l' : 'I');
            assertThat(codes.redeem(" " + typed, DESKTOP)).as(typed).isEqualTo(new Accepted());
        }
    }

    @Test
    void aCodeIsLateAfterTenMinutes() {
        Offer inTime = codes.offer();
        Offer late = codes.offer();

        now = now.plus(Duration.ofMinutes(10)).minusMillis(1);
        assertThat(codes.redeem(inTime.code(), DESKTOP)).isEqualTo(new Accepted());
        now = now.plusMillis(1);
        assertThat(codes.redeem(late.code(), DESKTOP)).isEqualTo(new Expired());
    }

    @Test
    void whoGuessesHasToWaitAndOthersDoNot() {
        Offer offer = codes.offer();
        for (int i = 0; i < 5; i++) {
            assertThat(codes.redeem("00000-0000" + i, DESKTOP)).isEqualTo(new Expired());
        }

        assertThat(codes.redeem(offer.code(), DESKTOP)).isEqualTo(new TooManyTries(Duration.ofMinutes(10)));
        assertThat(codes.redeem(offer.code(), "192.168.1.21")).isEqualTo(new Accepted());
    }

    @Test
    void theTextFormHoldsNoCode() {
        Offer offer = codes.offer();

        assertThat(offer.toString()).doesNotContain(offer.code());
    }

    @Test
    void aPartyIsAnIpv4AddressOrAnIpv6Net() {
        assertThat(RemoteNetwork.of(TestAddresses.of("192.168.1.20"))).isEqualTo("192.168.1.20");
        assertThat(RemoteNetwork.of(TestAddresses.of("2001:db8:0:1::7")))
                .isEqualTo(RemoteNetwork.of(TestAddresses.of("2001:db8:0:1:9::8")))
                .isNotEqualTo(RemoteNetwork.of(TestAddresses.of("2001:db8:0:2::7")));
        assertThat(RemoteNetwork.of(TestAddresses.of("::1"))).isEqualTo("::1");
    }
}
