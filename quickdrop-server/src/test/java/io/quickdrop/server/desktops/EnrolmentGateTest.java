package io.quickdrop.server.desktops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quickdrop.protocol.AgentMessage.Challenge;
import io.quickdrop.protocol.AgentMessage.Handshake;
import io.quickdrop.protocol.DesktopClient;
import io.quickdrop.protocol.RegistrationError;
import io.quickdrop.relay.driver.Generation;
import io.quickdrop.relay.driver.PeerIdentity;
import io.quickdrop.relay.driver.StorageException;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission.Admitted;
import io.quickdrop.relay.driver.desktop.DesktopGate.Admission.Refused;
import io.quickdrop.relay.driver.desktop.DesktopGate.Application;
import io.quickdrop.relay.driver.desktop.DesktopGate.Pending;
import io.quickdrop.server.access.EnrolmentCodes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnrolmentGateTest {
    private static final String SERVER_KEY = "5e".repeat(32);
    private static final String FORMER_SERVER_KEY = "6f".repeat(32);
    private static final String HERE = "agent@192.168.1.20";
    private static final String OPERATOR = "operator@127.0.0.1";
    private static final Challenge CHALLENGE = new Challenge("nonce-1", "server-1");

    private Instant now = Instant.parse("2026-11-22T14:03:09Z");
    private final InMemoryAgentKeys keys = new InMemoryAgentKeys();
    private final EnrolmentCodes codes = new EnrolmentCodes(() -> now, new SecureRandom());
    private final List<String> audit = new ArrayList<>();
    private final List<Pending> told = new ArrayList<>();
    private final List<DesktopClient> known = new ArrayList<>();
    private final AtomicBoolean there = new AtomicBoolean(true);
    private final EnrolmentGate gate = new EnrolmentGate(
            keys,
            codes,
            () -> Set.of(SERVER_KEY, FORMER_SERVER_KEY),
            () -> known,
            (who, what, object, result) -> audit.add(String.join(" ", who, what, object, result)),
            () -> now);
    private final TestAgent studio = new TestAgent("studio");

    // ---- the proof

    @Test
    void anEnrolledKeyIsAdmittedEachTimeWhateverCodeItStillCarries() {
        String code = codes.offer().code();

        assertThat(ask(studio, code)).isEqualTo(admitted(studio));
        assertThat(ask(studio, code)).as("the same command line again").isEqualTo(admitted(studio));
        assertThat(ask(studio, null)).isEqualTo(admitted(studio));
        assertThat(told).isEmpty();
    }

    @Test
    void aSignatureOfAnotherConnectionIsRefused() {
        enrol(studio);
        Handshake replayed = studio.handshake(new Challenge("nonce-0", "server-1"), SERVER_KEY, null);

        assertThat(errorOf(admit(replayed, CHALLENGE))).isEqualTo(RegistrationError.SIGNATURE_WRONG);
    }

    @Test
    void aSignatureForAnotherServersKeyIsRefused() {
        enrol(studio);

        assertThat(errorOf(admit(studio.handshake(CHALLENGE, "7a".repeat(32), null), CHALLENGE)))
                .as("somebody in the middle shows another certificate")
                .isEqualTo(RegistrationError.SIGNATURE_WRONG);
        assertThat(admit(studio.handshake(CHALLENGE, FORMER_SERVER_KEY, null), CHALLENGE))
                .as("the certificate was renewed while it connected")
                .isEqualTo(admitted(studio));
    }

    @Test
    void aSignatureOfAnotherServerOrDesktopIsRefused() {
        enrol(studio);
        Handshake otherServer = studio.handshake(new Challenge("nonce-1", "server-2"), SERVER_KEY, null);
        Handshake good = studio.handshake(CHALLENGE, SERVER_KEY, null);
        Handshake otherName =
                new Handshake(studio.renamed("lab").info(), good.publicKey(), good.signature(), good.enrolmentCode());

        assertThat(errorOf(admit(otherServer, CHALLENGE))).isEqualTo(RegistrationError.SIGNATURE_WRONG);
        assertThat(errorOf(admit(otherName, CHALLENGE))).isEqualTo(RegistrationError.SIGNATURE_WRONG);
    }

    @Test
    void nonsenseForKeyAndSignatureIsRefusedBeforeACodeIsSpent() {
        String code = codes.offer().code();
        Handshake good = studio.handshake(CHALLENGE, SERVER_KEY, code);
        String rsa = TestAgent.base64(TestAgent.newKeys("RSA").getPublic().getEncoded());

        for (String key : new String[] {null, "", "***", "AAAA", rsa}) {
            Handshake bad = new Handshake(studio.info(), key, good.signature(), code);
            assertThat(errorOf(admit(bad, CHALLENGE))).as("key %s", key).isEqualTo(RegistrationError.SIGNATURE_WRONG);
        }
        for (String signature : new String[] {null, "", "***", "AAAA"}) {
            Handshake bad = new Handshake(studio.info(), good.publicKey(), signature, code);
            assertThat(errorOf(admit(bad, CHALLENGE)))
                    .as("signature %s", signature)
                    .isEqualTo(RegistrationError.SIGNATURE_WRONG);
        }
        assertThat(errorOf(admit(good, null))).as("never challenged").isEqualTo(RegistrationError.SIGNATURE_WRONG);
        assertThat(admit(good, CHALLENGE)).isEqualTo(admitted(studio));
    }

    // ---- codes

    @Test
    void aCodeEnrolsOneKey() {
        String code = codes.offer().code();

        assertThat(ask(studio, code)).isEqualTo(admitted(studio));
        assertThat(errorOf(ask(new TestAgent("lab"), code))).isEqualTo(RegistrationError.CODE_WRONG);
        assertThat(audit).hasSize(2).noneMatch(line -> line.contains(code));
        assertThat(audit.get(0)).contains(HERE, "desktop_enrol", "studio", studio.fingerprint());
    }

    @Test
    void aLateCodeIsRefused() {
        String code = codes.offer().code();
        now = now.plus(EnrolmentCodes.LIFE);

        assertThat(errorOf(ask(studio, code))).isEqualTo(RegistrationError.CODE_WRONG);
    }

    @Test
    void whoGuessesCodesHasToWait() {
        String code = codes.offer().code();
        for (int i = 0; i < 5; i++) {
            assertThat(errorOf(ask(new TestAgent("guess-" + i), "00000-0000" + i)))
                    .isEqualTo(RegistrationError.CODE_WRONG);
        }

        Admission admission = ask(studio, code);
        assertThat(errorOf(admission)).isEqualTo(RegistrationError.TOO_MANY_TRIES);
        assertThat(((Refused) admission).hint()).contains("wait 600 s");
    }

    @Test
    void aNameBelongsToItsKeyEvenAgainstAGoodCode() {
        enrol(studio);
        String code = codes.offer().code();

        assertThat(errorOf(ask(new TestAgent("studio"), code))).isEqualTo(RegistrationError.CLIENT_ID_TAKEN);
        assertThat(errorOf(ask(studio.renamed("lab"), code))).isEqualTo(RegistrationError.CLIENT_ID_TAKEN);
        assertThat(ask(new TestAgent("lab"), code)).as("the code is still good").isInstanceOf(Admitted.class);
    }

    @Test
    void aRevokedKeyIsRefusedUntilTheOperatorMakesItACode() throws StorageException {
        enrol(studio);
        keys.revoke("studio");

        assertThat(errorOf(ask(studio, null))).isEqualTo(RegistrationError.REVOKED);
        assertThat(errorOf(ask(studio.renamed("lab"), null)))
                .as("under another name")
                .isEqualTo(RegistrationError.CLIENT_ID_TAKEN);
        assertThat(gate.pending()).isEmpty();
        assertThat(ask(studio, codes.offer().code())).isEqualTo(admitted(studio));
    }

    @Test
    void aBrokenStoreLetsNobodyIn() {
        enrol(studio);
        keys.breakDown();

        assertThat(errorOf(ask(studio, null))).isEqualTo(RegistrationError.STORE_UNAVAILABLE);
        assertThat(errorOf(ask(new TestAgent("lab"), codes.offer().code())))
                .isEqualTo(RegistrationError.STORE_UNAVAILABLE);
    }

    // ---- approval

    @Test
    void aStrangerWaitsForTheOperator() throws StorageException {
        CompletableFuture<Admission> admission = apply(studio, null, HERE);

        assertThat(admission).isNotDone();
        assertThat(told).hasSize(1);
        assertThat(told.get(0).fingerprint()).isEqualTo(studio.fingerprint());
        DesktopClient shown = gate.pending().get(0);
        assertThat(shown.clientId()).isEqualTo("studio");
        assertThat(shown.state()).isEqualTo(DesktopClient.PENDING);
        assertThat(shown.fingerprint()).isEqualTo(studio.fingerprint());

        assertThat(gate.approve(studio.fingerprint(), OPERATOR)).isTrue();
        assertThat(admission).isCompletedWithValue(admitted(studio));
        assertThat(gate.pending()).isEmpty();
        assertThat(gate.approve(studio.fingerprint(), OPERATOR)).as("once").isFalse();
        assertThat(ask(studio, null)).as("from now on").isEqualTo(admitted(studio));
        assertThat(audit).last().asString().contains(OPERATOR, "desktop_approve", "studio", studio.fingerprint());
    }

    @Test
    void theOperatorRefuses() {
        CompletableFuture<Admission> admission = apply(studio, null, HERE);

        assertThat(gate.refuse(new TestAgent("studio").fingerprint(), OPERATOR)).isFalse();
        assertThat(gate.refuse(studio.fingerprint(), OPERATOR)).isTrue();
        assertThat(errorOf(admission.join())).isEqualTo(RegistrationError.REFUSED);
        assertThat(gate.pending()).isEmpty();
        assertThat(audit).last().asString().contains(OPERATOR, "desktop_refuse", "studio");
    }

    @Test
    void whoIsNotApprovedInTimeIsSentAway() {
        CompletableFuture<Admission> admission = apply(studio, null, HERE);

        now = now.plus(WaitingRoom.PATIENCE).minusMillis(1);
        gate.sweep();
        assertThat(admission).isNotDone();
        now = now.plusMillis(1);
        gate.sweep();
        assertThat(errorOf(admission.join())).isEqualTo(RegistrationError.NOT_APPROVED);
        assertThat(gate.pending()).isEmpty();
    }

    @Test
    void whoIsGoneIsNotOfferedToTheOperator() throws StorageException {
        apply(studio, null, HERE);

        there.set(false);
        gate.sweep();

        assertThat(gate.pending()).isEmpty();
        assertThat(gate.approve(studio.fingerprint(), OPERATOR)).isFalse();
    }

    @Test
    void whoComesAgainTakesItsFormerPlace() throws StorageException {
        CompletableFuture<Admission> first = apply(studio, null, HERE);
        CompletableFuture<Admission> second = apply(studio, null, HERE);

        assertThat(first).isCompletedWithValueMatching(EnrolmentGateTest::isRefused);
        assertThat(gate.pending()).hasSize(1);
        gate.approve(studio.fingerprint(), OPERATOR);
        assertThat(second).isCompletedWithValue(admitted(studio));
    }

    @Test
    void ofTwoWhoClaimANameTheApprovedOneGetsIt() throws StorageException {
        TestAgent impostor = new TestAgent("studio");
        CompletableFuture<Admission> wrong = apply(impostor, null, "agent@192.168.1.66");
        CompletableFuture<Admission> right = apply(studio, null, HERE);

        assertThat(gate.pending()).hasSize(2);
        gate.approve(studio.fingerprint(), OPERATOR);
        gate.approve(impostor.fingerprint(), OPERATOR);

        assertThat(right).isCompletedWithValue(admitted(studio));
        assertThat(errorOf(wrong.join())).isEqualTo(RegistrationError.CLIENT_ID_TAKEN);
    }

    @Test
    void theWaitingRoomIsBoundedForAllAndForEach() {
        for (int i = 0; i < WaitingRoom.MAX_OF_ONE_PARTY; i++) {
            assertThat(apply(new TestAgent("a-" + i), null, HERE)).isNotDone();
        }
        assertThat(errorOf(apply(new TestAgent("a-more"), null, HERE).join()))
                .isEqualTo(RegistrationError.TOO_MANY_DESKTOPS);
        for (int i = WaitingRoom.MAX_OF_ONE_PARTY; i < WaitingRoom.MAX_WAITING; i++) {
            assertThat(apply(new TestAgent("b-" + i), null, "agent@10.0.0." + i))
                    .isNotDone();
        }
        assertThat(errorOf(apply(new TestAgent("c"), null, "agent@10.0.1.1").join()))
                .isEqualTo(RegistrationError.TOO_MANY_DESKTOPS);
    }

    @Test
    void whoAsksAgainAndAgainHasToWait() {
        for (int i = 0; i < 10; i++) {
            apply(studio, null, HERE);
        }

        assertThat(errorOf(apply(studio, null, HERE).join())).isEqualTo(RegistrationError.TOO_MANY_TRIES);
        assertThat(apply(new TestAgent("lab"), null, "agent@192.168.1.21")).isNotDone();
    }

    @Test
    void anApprovalThatCanNotBeKeptIsNone() {
        CompletableFuture<Admission> admission = apply(studio, null, HERE);
        keys.breakDown();

        assertThatThrownBy(() -> gate.approve(studio.fingerprint(), OPERATOR)).isInstanceOf(StorageException.class);
        assertThat(errorOf(admission.join())).isEqualTo(RegistrationError.STORE_UNAVAILABLE);
    }

    // ---- v1

    @Test
    void oneWithoutAKeyNeverTakesTheNameOfOneWithAKey() {
        enrol(studio);

        assertThat(errorOf(v1("studio"))).isEqualTo(RegistrationError.CLIENT_ID_TAKEN);
        assertThat(v1("old-desktop")).isEqualTo(new Admitted());
    }

    @Test
    void namesWithoutKeysAreLearntUpToABound() {
        for (int i = 0; i < EnrolmentGate.MAX_DESKTOPS; i++) {
            assertThat(v1("old-" + i)).isEqualTo(new Admitted());
            known.add(offline("old-" + i));
        }

        assertThat(errorOf(v1("one-more"))).isEqualTo(RegistrationError.TOO_MANY_DESKTOPS);
        assertThat(v1("old-7")).as("a known one comes back").isEqualTo(new Admitted());
    }

    private static DesktopClient offline(String clientId) {
        return DesktopClient.notConnected(clientId, clientId, "host", DesktopClient.OFFLINE, List.of(), 1, null, 0);
    }

    // ---- what the tests do

    private void enrol(TestAgent agent) {
        assertThat(ask(agent, codes.offer().code())).isEqualTo(admitted(agent));
    }

    private static Admitted admitted(TestAgent agent) {
        return new Admitted(agent.fingerprint());
    }

    /** The decision, which must be there at once. */
    private Admission ask(TestAgent agent, @Nullable String code) {
        CompletableFuture<Admission> admission = apply(agent, code, HERE);
        assertThat(admission).isDone();
        return admission.join();
    }

    private CompletableFuture<Admission> apply(TestAgent agent, @Nullable String code, String party) {
        return apply(agent.handshake(CHALLENGE, SERVER_KEY, code), CHALLENGE, Generation.V2, party);
    }

    private Admission admit(Handshake handshake, @Nullable Challenge challenge) {
        return apply(handshake, challenge, Generation.V2, HERE).join();
    }

    private Admission v1(String clientId) {
        Handshake handshake = new Handshake(new TestAgent(clientId).info(), null, null, null);
        return apply(handshake, null, Generation.V1, "v1").join();
    }

    private CompletableFuture<Admission> apply(
            Handshake handshake, @Nullable Challenge challenge, Generation generation, String party) {
        Application application =
                new Application(new PeerIdentity(party, false), generation, challenge, handshake, there::get);
        return gate.admit(application, told::add).toCompletableFuture();
    }

    private static boolean isRefused(Admission admission) {
        return admission instanceof Refused;
    }

    private static String errorOf(Admission admission) {
        assertThat(admission).isInstanceOf(Refused.class);
        return ((Refused) admission).error();
    }
}
