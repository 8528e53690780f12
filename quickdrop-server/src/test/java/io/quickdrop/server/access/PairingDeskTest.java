package io.quickdrop.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.server.access.PairingDesk.Offer;
import io.quickdrop.server.access.Redemption.Accepted;
import io.quickdrop.server.access.Redemption.Expired;
import io.quickdrop.server.access.Redemption.TooManyTries;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PairingDeskTest {
    private final InetAddress phone = address("192.168.1.20");
    private final InetAddress other = address("192.168.1.21");
    private Instant now = Instant.parse("2026-11-22T14:03:09Z");
    private final PairingDesk desk = new PairingDesk(() -> now, new SecureRandom());

    @Test
    void aSecretIsAcceptedOnce() {
        Offer offer = desk.offer(PairingDesk.PAGE_LIFE);

        assertThat(offer.secret()).matches("[A-Za-z0-9_-]{22}");
        assertThat(desk.redeem(offer.secret(), phone)).isEqualTo(new Accepted());
        assertThat(desk.redeem(offer.secret(), phone)).as("reused").isEqualTo(new Expired());
    }

    @Test
    void aLateSecretIsRefused() {
        Offer inTime = desk.offer(PairingDesk.PAGE_LIFE);
        Offer late = desk.offer(PairingDesk.PAGE_LIFE);
        Offer terminal = desk.offer(PairingDesk.TERMINAL_LIFE);

        now = now.plus(PairingDesk.PAGE_LIFE).minusMillis(1);
        assertThat(desk.redeem(inTime.secret(), phone)).isEqualTo(new Accepted());
        now = now.plusMillis(1);
        assertThat(desk.redeem(late.secret(), phone)).isEqualTo(new Expired());
        assertThat(desk.redeem(terminal.secret(), phone)).isEqualTo(new Accepted());
    }

    @Test
    void aRenewedCodeLeavesTheOneBeforeItGood() {
        Offer first = desk.offer(PairingDesk.PAGE_LIFE);
        Offer second = desk.offer(PairingDesk.PAGE_LIFE);

        assertThat(desk.redeem(first.secret(), phone)).isEqualTo(new Accepted());
        assertThat(desk.redeem(second.secret(), other)).isEqualTo(new Accepted());
    }

    @Test
    void beyondTheBoundTheOldestIsDropped() {
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i <= OneTimeSecrets.MAX_OUTSTANDING; i++) {
            offers.add(desk.offer(PairingDesk.TERMINAL_LIFE));
        }

        assertThat(desk.redeem(offers.get(0).secret(), phone)).isEqualTo(new Expired());
        for (Offer offer : offers.subList(1, offers.size())) {
            assertThat(desk.redeem(offer.secret(), phone)).isEqualTo(new Accepted());
        }
    }

    @Test
    void afterFiveBadTriesAnAddressHasToWaitWhateverItBrings() {
        Offer offer = desk.offer(Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            assertThat(desk.redeem("guess " + i, phone)).isEqualTo(new Expired());
        }

        now = now.plusMillis(500);
        Redemption outcome = desk.redeem(offer.secret(), phone);
        assertThat(outcome).isEqualTo(new TooManyTries(Duration.ofMinutes(10).minusMillis(500)));
        assertThat(((TooManyTries) outcome).retryAfterSeconds())
                .as("rounded up")
                .isEqualTo(600);
        assertThat(desk.redeem(offer.secret(), other)).as("another phone").isEqualTo(new Accepted());

        now = now.plus(Duration.ofMinutes(10));
        assertThat(desk.redeem(desk.offer(PairingDesk.PAGE_LIFE).secret(), phone))
                .isEqualTo(new Accepted());
    }

    @Test
    void aGoodTryForgivesTheBadOnes() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(desk.redeem("", phone)).isEqualTo(new Expired());
            }
            assertThat(desk.redeem(desk.offer(PairingDesk.PAGE_LIFE).secret(), phone))
                    .isEqualTo(new Accepted());
        }
    }

    @Test
    void theAddressesOfOneIpv6NetCountAsOne() {
        for (int i = 1; i <= 5; i++) {
            desk.redeem("guess", address("2001:db8:0:1::" + i));
        }

        assertThat(desk.redeem("guess", address("2001:db8:0:1::99"))).isInstanceOf(TooManyTries.class);
        assertThat(desk.redeem("guess", address("2001:db8:0:2::1"))).isEqualTo(new Expired());
    }

    @Test
    void floodsOfAddressesAreForgottenBeyondTheBound() {
        Attempts attempts = new Attempts(5, Duration.ofMinutes(10), 100);
        for (int i = 0; i < 10_000; i++) {
            attempts.recordBad("10.0." + i / 256 + "." + i % 256, now);
        }

        assertThat(attempts.size()).isEqualTo(100);
    }

    @Test
    void ofManyThreadsOneGetsThePairing() throws Exception {
        String secret = desk.offer(PairingDesk.PAGE_LIFE).secret();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Redemption>> tries = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                InetAddress remote = address("10.1.1." + i);
                tries.add(() -> desk.redeem(secret, remote));
            }
            int accepted = 0;
            for (Future<Redemption> outcome : threads.invokeAll(tries)) {
                accepted += outcome.get() instanceof Accepted ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theTextFormHoldsNoSecret() {
        Offer offer = desk.offer(PairingDesk.PAGE_LIFE);

        assertThat(offer.toString()).doesNotContain(offer.secret());
    }

    private static InetAddress address(String literal) {
        return TestAddresses.of(literal);
    }
}
